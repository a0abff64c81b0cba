package dev.weft.e2e.faults;

import dev.weft.e2e.lab.LabException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The part of {@link Drift} that happens to objects of the cluster. */
final class ClusterDrift {
    private static final String OURS = "app.kubernetes.io/managed-by";
    private static final String OPERATOR = "weft-operator";

    private final Scene scene;
    private final Findings findings;

    ClusterDrift(Scene scene, Findings findings) {
        this.scene = scene;
        this.findings = findings;
    }

    void run() {
        KubernetesClient client = scene.lab().client();
        deleted(
                "DaemonSet",
                () -> client.apps()
                        .daemonSets()
                        .inAnyNamespace()
                        .withLabel(OURS, OPERATOR)
                        .list()
                        .getItems());
        deleted(
                "ConfigMap",
                () -> client.configMaps()
                        .inAnyNamespace()
                        .withLabel(OURS, OPERATOR)
                        .list()
                        .getItems());
        deleted(
                "ClusterRole",
                () -> client.rbac()
                        .clusterRoles()
                        .withLabel(OURS, OPERATOR)
                        .list()
                        .getItems());
        deleted(
                "ClusterRoleBinding",
                () -> client.rbac()
                        .clusterRoleBindings()
                        .withLabel(OURS, OPERATOR)
                        .list()
                        .getItems());
        deleted(
                "Deployment",
                () -> client.apps()
                        .deployments()
                        .inAnyNamespace()
                        .withLabel(OURS, OPERATOR)
                        .list()
                        .getItems());
        deleted(
                "Service",
                () -> client.services()
                        .inAnyNamespace()
                        .withLabel(OURS, OPERATOR)
                        .list()
                        .getItems());
        scene.weft().awaitReady(Scene.PATIENCE);
    }

    private void deleted(String kind, Supplier<? extends List<? extends HasMetadata>> list) {
        Optional<? extends HasMetadata> found = list.get().stream().findFirst();
        if (found.isEmpty()) {
            findings.failed("there is a " + kind + " to delete: no");
            return;
        }
        HasMetadata object = found.get();
        String name = kind + " " + object.getMetadata().getName();
        scene.step("  " + name);
        try {
            scene.lab().client().resource(object).delete();
            Duration time = scene.await(
                    name + " to be back",
                    () -> list.get().stream()
                            .anyMatch(now -> now.getMetadata()
                                            .getName()
                                            .equals(object.getMetadata().getName())
                                    && !now.getMetadata()
                                            .getUid()
                                            .equals(object.getMetadata().getUid())));
            findings.millis(name + " back after", time);
            findings.note("Event, " + kind, scene.awaitEvent("Repaired", name));
        } catch (LabException e) {
            findings.failed(name + " comes back and an Event tells of it: no, " + e.getMessage());
        }
    }
}
