package dev.weft.ingress;

import dev.weft.config.IngressConfig;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.compile.Assembly;
import dev.weft.ingress.compile.Compiler;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.gateway.GatewayCompiler;
import dev.weft.ingress.nginx.IngressCompiler;
import dev.weft.ingress.route.Certificate;
import dev.weft.kube.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All compilers together, and what they keep from one cluster to the next. Used by one thread. */
final class Compiling {
    private final IngressCompiler ingresses;
    private final List<Compiler> compilers = new ArrayList<>();
    private final Assembly assembly = new Assembly();

    /** What came of a cluster. */
    record Result(List<Part> parts, Assembly.Result assembled) {}

    /** @param fallback shown where there is no other certificate */
    Compiling(IngressConfig config, Certificate fallback) {
        ingresses = new IngressCompiler(new IngressCompiler.Settings(
                Set.copyOf(config.classes()),
                config.httpPort(),
                config.httpsPort(),
                config.defaultCertificate().map(Compiling::key),
                fallback));
        compilers.add(ingresses);
        if (config.gatewayApi()) {
            compilers.add(new GatewayCompiler(config.namespace()));
        }
    }

    static ObjectKey key(String name) {
        int slash = name.indexOf('/');
        return new ObjectKey(name.substring(0, slash), name.substring(slash + 1));
    }

    Result compile(Cluster cluster) {
        List<Part> parts =
                compilers.stream().map(compiler -> compiler.compile(cluster)).toList();
        return new Result(parts, assembly.assemble(cluster, parts));
    }

    /** When certificates of Ingresses end, by Secret. */
    Map<String, Instant> certificates() {
        return ingresses.certificates();
    }

    /** That of Ingresses. */
    static Optional<Part> ofIngresses(List<Part> parts) {
        return parts.stream().findFirst();
    }
}
