package dev.weft.e2e.bench;

import dev.weft.config.IngressConfig;
import dev.weft.config.IngressConfigJson;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Weft's proxy as it runs in a pod: a client of an API server, which has the routes. */
record WeftInCluster(WeftImage image, BenchApiServer api) implements IngressProxy {
    /** Where proxies keep their lease. */
    static final String NAMESPACE = "weft-system";

    @Override
    public String name() {
        return Measurements.WEFT;
    }

    @Override
    public int port() {
        return 8140;
    }

    @Override
    public Map<String, String> files(IngressRoutes routes, Path folder) {
        List<String> objects = WeftObjects.fixed(routes, folder.resolve("tls.crt"), folder.resolve("tls.key"));
        return Map.of(
                "objects.json",
                Stream.of(
                                Stream.of(
                                        WeftObjects.namespace(NAMESPACE), WeftObjects.namespace(WeftObjects.NAMESPACE)),
                                objects.stream(),
                                Stream.of(WeftObjects.changed("blue")))
                        .flatMap(lines -> lines)
                        .collect(Collectors.joining("\n")),
                "config/ingress.json",
                IngressConfigJson.write(new IngressConfig(
                        List.of(URI.create(BenchApiServer.URL)),
                        NAMESPACE,
                        List.of("nginx"),
                        true,
                        port(),
                        port() + 1,
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        List.of(),
                        false,
                        IngressConfig.Limits.DEFAULT,
                        1)));
    }

    @Override
    public List<String> command(Path folder) {
        return image.command(
                Map.of(
                        "/etc/weft", folder.resolve("config"),
                        "/var/run/secrets/kubernetes.io/serviceaccount", api.account()),
                "run");
    }

    @Override
    public Change change(Path folder, long pid) {
        return Change.ofPatches(
                api.kubeconfig(),
                "/apis/networking.k8s.io/v1/namespaces/" + WeftObjects.NAMESPACE + "/ingresses/"
                        + IngressRoutes.changed(0).name(),
                WeftObjects::patch);
    }
}
