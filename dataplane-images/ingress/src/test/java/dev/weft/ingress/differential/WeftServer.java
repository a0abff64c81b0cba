package dev.weft.ingress.differential;

import dev.weft.agent.Metrics;
import dev.weft.config.IngressConfig;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.ObjectFiles;
import dev.weft.ingress.compile.Assembly;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.nginx.IngressCompiler;
import dev.weft.ingress.proxy.Problem;
import dev.weft.ingress.proxy.ProxyServer;
import dev.weft.ingress.proxy.ProxySettings;
import dev.weft.ingress.route.Certificate;
import dev.weft.kube.EventNote;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Weft's proxy, which serves what objects say. */
final class WeftServer implements AutoCloseable {
    private final ProxyServer proxy;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<EventNote> notes;

    WeftServer(String objects, Certificate certificate, int http, int https) throws Exception {
        proxy = new ProxyServer(settings(), new Metrics(), log::add);
        proxy.start();
        Cluster cluster = ObjectFiles.cluster(Kinds.ALL, objects);
        Part part = new IngressCompiler(
                        new IngressCompiler.Settings(Set.of("nginx"), http, https, Optional.empty(), certificate))
                .compile(cluster);
        notes = part.notes();
        List<Problem> problems =
                proxy.swap(new Assembly().assemble(cluster, List.of(part)).routing());
        if (!problems.isEmpty()) {
            proxy.close();
            throw new IllegalStateException(problems.toString());
        }
    }

    private static ProxySettings settings() {
        return new ProxySettings(
                1,
                false,
                List.of(),
                true,
                IngressConfig.Limits.DEFAULT,
                Duration.ofSeconds(60),
                Duration.ZERO,
                16,
                Duration.ofSeconds(60));
    }

    /** What the Ingresses' owners are told. */
    List<EventNote> notes() {
        return notes;
    }

    /** Lines of the access log; all of them once it is closed. */
    int logged() {
        return log.size();
    }

    @Override
    public void close() {
        proxy.close();
    }
}
