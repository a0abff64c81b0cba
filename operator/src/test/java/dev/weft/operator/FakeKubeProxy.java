package dev.weft.operator;

import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** kube-proxy as kubeadm installs it: a DaemonSet, its pods, and the rules that they leave on nodes. */
final class FakeKubeProxy {
    private static final String NAMESPACE = "kube-system";
    private static final String NAME = "kube-proxy";
    private static final Map<String, String> LABELS = Map.of("k8s-app", NAME);

    private final KubernetesClient client;
    private final Set<String> rules = ConcurrentHashMap.newKeySet();
    private final Set<String> unserved = ConcurrentHashMap.newKeySet();

    FakeKubeProxy(KubernetesClient client) {
        this.client = client;
    }

    void install(@Nullable Affinity affinity) {
        client.resource(new DaemonSetBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withNamespace(NAMESPACE)
                        .withLabels(LABELS)
                        .endMetadata()
                        .withNewSpec()
                        .withNewSelector()
                        .withMatchLabels(LABELS)
                        .endSelector()
                        .withNewTemplate()
                        .withNewMetadata()
                        .withLabels(LABELS)
                        .endMetadata()
                        .withNewSpec()
                        .withAffinity(affinity)
                        .addNewContainer()
                        .withName(NAME)
                        .withImage("registry.k8s.io/kube-proxy:v1.37.2")
                        .endContainer()
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build())
                .create();
    }

    void uninstall() {
        client.apps().daemonSets().inNamespace(NAMESPACE).withName(NAME).delete();
        rules.clear();
        unserved.clear();
    }

    @Nullable
    DaemonSet daemonSet() {
        return client.apps().daemonSets().inNamespace(NAMESPACE).withName(NAME).get();
    }

    List<String> rules(String node) {
        return rules.contains(node) ? List.of("iptables") : List.of();
    }

    /** Nodes that had neither kube-proxy's rules nor Weft's at some turn. */
    Set<String> unserved() {
        return new TreeSet<>(unserved);
    }

    Set<String> nodesWithPods() {
        Set<String> nodes = new TreeSet<>();
        pods().forEach(p -> nodes.add(p.getSpec().getNodeName()));
        return nodes;
    }

    /** @param serving nodes whose agent serves Services */
    void turn(Set<String> serving) {
        DaemonSet daemonSet = daemonSet();
        Set<String> present = nodesWithPods();
        for (Node node : client.nodes().list().getItems()) {
            String name = node.getMetadata().getName();
            String label = node.getMetadata().getLabels().getOrDefault(Names.KUBE_PROXY, "");
            boolean wanted = daemonSet != null && !(yields(daemonSet) && Names.KUBE_PROXY_AWAY.contains(label));
            if (wanted && !present.contains(name)) {
                start(name);
            } else if (!wanted && present.contains(name)) {
                client.pods()
                        .inNamespace(NAMESPACE)
                        .withName(NAME + "-" + name)
                        .withGracePeriod(0)
                        .delete();
            } else if (wanted) {
                rules.add(name);
            }
            if (label.equals(Names.KUBE_PROXY_GONE) && serving.contains(name)) {
                rules.remove(name);
            }
            if (daemonSet != null && !present.isEmpty() && !rules.contains(name) && !serving.contains(name)) {
                unserved.add(name);
            }
        }
    }

    private static boolean yields(DaemonSet daemonSet) {
        return String.valueOf(daemonSet.getSpec().getTemplate().getSpec().getAffinity())
                .contains(Names.KUBE_PROXY);
    }

    private List<Pod> pods() {
        return client.pods().inNamespace(NAMESPACE).withLabels(LABELS).list().getItems();
    }

    private void start(String node) {
        Pod pod = client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(NAME + "-" + node)
                        .withNamespace(NAMESPACE)
                        .withLabels(LABELS)
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName(node)
                        .withServiceAccountName("default")
                        .withAutomountServiceAccountToken(false)
                        .addNewContainer()
                        .withName(NAME)
                        .withImage("registry.k8s.io/kube-proxy:v1.37.2")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        client.resource(pod)
                .editStatus(p -> new PodBuilder(Objects.requireNonNull(p))
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .withLastTransitionTime(Instant.now().toString())
                        .endCondition()
                        .endStatus()
                        .build());
    }
}
