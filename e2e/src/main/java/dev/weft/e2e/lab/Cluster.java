package dev.weft.e2e.lab;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The lab's cluster as its API server shows it. */
final class Cluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(100);

    private final LabPaths paths;
    private @Nullable KubernetesClient client;

    Cluster(LabPaths paths) {
        this.paths = paths;
    }

    synchronized KubernetesClient client() {
        if (client == null) {
            Config config = new ConfigBuilder(
                            Config.fromKubeconfig(paths.kubeconfig().toFile()))
                    // Whoever waits here polls; hidden tries again would only make it late.
                    .withRequestRetryBackoffLimit(0)
                    .build();
            client = new KubernetesClientBuilder().withConfig(config).build();
        }
        return client;
    }

    void awaitApiServer() {
        Wait.until(
                "the API server; see " + paths.log("kube-apiserver"),
                PATIENCE,
                POLL,
                () -> "ok".equals(client().raw("/readyz")));
    }

    /** Waits until the node is registered and the controller manager has given it its pod CIDRs. */
    List<String> awaitPodCidrs(NodeName name) {
        String what = "%s to register; see %s".formatted(name, paths.log(name + "-kubelet"));
        Wait.until(what, PATIENCE, POLL, () -> !podCidrs(name).isEmpty());
        return podCidrs(name);
    }

    List<String> podCidrs(NodeName name) {
        return node(name).map(n -> n.getSpec().getPodCIDRs()).orElse(List.of());
    }

    Optional<Node> node(NodeName name) {
        return Optional.ofNullable(client().nodes().withName(name.value()).get());
    }

    void apply(Class<?> owner, String manifest) {
        try (InputStream yaml = owner.getResourceAsStream(manifest)) {
            client().load(Objects.requireNonNull(yaml, manifest))
                    .fieldManager("weft-lab")
                    .forceConflicts()
                    .serverSideApply();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + manifest, e);
        }
    }

    void deleteNode(NodeName name) {
        client().nodes().withName(name.value()).delete();
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
