package dev.weft.e2e.faults;

import dev.weft.e2e.lab.LabException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Listable;
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

    /** What runs the node agents. Pods go on with the addresses that they have. */
    void agents() {
        KubernetesClient client = scene.lab().client();
        deleted(
                "DaemonSet",
                "weft-node",
                client.apps().daemonSets().inAnyNamespace().withLabel(OURS, OPERATOR));
        deleted("ConfigMap", "weft-node", client.configMaps().inAnyNamespace().withLabel(OURS, OPERATOR));
        deleted("ClusterRole", "weft-node", client.rbac().clusterRoles().withLabel(OURS, OPERATOR));
        deleted(
                "ClusterRoleBinding",
                "weft-node",
                client.rbac().clusterRoleBindings().withLabel(OURS, OPERATOR));
        scene.weft().awaitReady(Scene.PATIENCE);
    }

    /** What runs the DNS servers. Their pods are others afterwards. */
    void dns() {
        KubernetesClient client = scene.lab().client();
        deleted("ConfigMap", "weft-dns", client.configMaps().inAnyNamespace().withLabel(OURS, OPERATOR));
        deleted("ClusterRole", "weft-dns", client.rbac().clusterRoles().withLabel(OURS, OPERATOR));
        deleted(
                "ClusterRoleBinding",
                "weft-dns",
                client.rbac().clusterRoleBindings().withLabel(OURS, OPERATOR));
        deleted(
                "Deployment",
                "weft-dns",
                client.apps().deployments().inAnyNamespace().withLabel(OURS, OPERATOR));
        deleted("Service", "kube-dns", client.services().inAnyNamespace().withLabel(OURS, OPERATOR));
        scene.weft().awaitReady(Scene.PATIENCE);
    }

    private void deleted(
            String kind, String name, Listable<? extends KubernetesResourceList<? extends HasMetadata>> objects) {
        deleted(
                kind,
                () -> objects.list().getItems().stream()
                        .filter(object -> object.getMetadata().getName().startsWith(name))
                        .toList());
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
