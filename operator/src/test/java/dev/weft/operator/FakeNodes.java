package dev.weft.operator;

import dev.weft.config.ConfigJson;
import dev.weft.config.NodeStatus;
import dev.weft.net.Ip;
import dev.weft.operator.agents.AgentClient;
import dev.weft.operator.agents.AgentSilentException;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands in for what a cluster has beside its API server: the DaemonSet controller, kubelets and node agents. Pods become
 * ready at once, unless their image is one that cannot be pulled.
 */
final class FakeNodes implements AgentClient {
    private static final String BROKEN_VERSION = ":9.9.9";

    private final KubernetesClient client;
    private final Clock clock;
    private final FakeKubeProxy kubeProxy;
    private final Map<String, Pod> running = new ConcurrentHashMap<>();
    private final List<String> started = Collections.synchronizedList(new ArrayList<>());

    FakeNodes(KubernetesClient client, Clock clock) {
        this.client = client;
        this.kubeProxy = new FakeKubeProxy(client);
        this.clock = clock;
    }

    /** Nodes node1, node2 ... with a podCIDR each. */
    void create(int count) {
        for (int i = 1; i <= count; i++) {
            Node node = new NodeBuilder()
                    .withNewMetadata()
                    .withName("node" + i)
                    .addToLabels("kubernetes.io/os", "linux")
                    .endMetadata()
                    .withNewSpec()
                    .withPodCIDR("10.244." + i + ".0/24")
                    .withPodCIDRs("10.244." + i + ".0/24")
                    .endSpec()
                    .build();
            client.resource(node).create();
            client.nodes()
                    .withName("node" + i)
                    .editStatus(n -> new NodeBuilder(n)
                            .withNewStatus()
                            .addNewAddress(
                                    "192.0.2." + node.getMetadata().getName().substring(4), "InternalIP")
                            .addNewCondition()
                            .withType("Ready")
                            .withStatus("True")
                            .withReason("Test")
                            .withLastTransitionTime("2026-01-01T00:00:00Z")
                            .endCondition()
                            .endStatus()
                            .build());
        }
    }

    /** The pods that were started, in order, as {@code node/image}. */
    List<String> started() {
        return List.copyOf(started);
    }

    /** One turn of the DaemonSet controller and of all kubelets. */
    void turn() {
        kubeProxy.turn(serving());
        List<DaemonSet> daemonSets =
                client.apps().daemonSets().inNamespace(Names.NAMESPACE).list().getItems();
        Set<String> wanted = new TreeSet<>();
        for (Node node : client.nodes().list().getItems()) {
            for (DaemonSet daemonSet : daemonSets) {
                if (daemonSet.getMetadata().getDeletionTimestamp() == null && selects(daemonSet, node)) {
                    wanted.add(daemonSet.getMetadata().getName() + "-"
                            + node.getMetadata().getName());
                }
            }
        }
        for (Pod pod : client.pods().inNamespace(Names.NAMESPACE).list().getItems()) {
            if (!wanted.remove(pod.getMetadata().getName())) {
                running.remove(
                        pod.getSpec().getNodeName(), running.get(pod.getSpec().getNodeName()));
                client.resource(pod).withGracePeriod(0).delete();
            }
        }
        for (DaemonSet daemonSet : daemonSets) {
            for (String name : wanted) {
                if (name.startsWith(daemonSet.getMetadata().getName() + "-")) {
                    start(daemonSet, name);
                }
            }
        }
    }

    private static boolean selects(DaemonSet daemonSet, Node node) {
        if (daemonSet.getSpec().getTemplate().getSpec().getAffinity() == null) {
            return true;
        }
        List<NodeSelectorTerm> terms = daemonSet
                .getSpec()
                .getTemplate()
                .getSpec()
                .getAffinity()
                .getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms();
        String pin = node.getMetadata().getLabels().getOrDefault(Names.REVISION, "");
        return terms.stream().anyMatch(term -> {
            NodeSelectorRequirement requirement = term.getMatchExpressions().getFirst();
            return requirement.getOperator().equals("DoesNotExist")
                    ? pin.isEmpty()
                    : requirement.getValues().contains(pin);
        });
    }

    private void start(DaemonSet daemonSet, String name) {
        String node = name.substring(daemonSet.getMetadata().getName().length() + 1);
        String image = daemonSet
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
        boolean broken = image.endsWith(BROKEN_VERSION);
        Pod pod = client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(Names.NAMESPACE)
                        .withLabels(
                                daemonSet.getSpec().getTemplate().getMetadata().getLabels())
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName(node)
                        .withServiceAccountName("default")
                        .withAutomountServiceAccountToken(false)
                        .addNewContainer()
                        .withName("node")
                        .withImage(image)
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        String now = Instant.now().toString();
        client.resource(pod)
                .editStatus(p -> new PodBuilder(p)
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus(broken ? "False" : "True")
                        .withLastTransitionTime(now)
                        .endCondition()
                        .withContainerStatuses(broken ? List.of(pulling(image)) : List.of())
                        .endStatus()
                        .build());
        started.add(node + "/" + image);
        running.put(node, pod);
    }

    private static ContainerStatus pulling(String image) {
        return new ContainerStatusBuilder()
                .withName("node")
                .withImage(image)
                .withImageID("")
                .withReady(false)
                .withRestartCount(0)
                .withNewState()
                .withNewWaiting("Back-off pulling image " + image, "ImagePullBackOff")
                .endState()
                .build();
    }

    @Override
    public NodeStatus status(Ip address) throws AgentSilentException {
        String text = address.toString();
        String node = "node" + text.substring(text.lastIndexOf('.') + 1);
        Pod pod = running.get(node);
        if (pod == null) {
            throw new AgentSilentException("connection refused");
        }
        Map<String, String> labels = pod.getMetadata().getLabels();
        List<NodeStatus.Probe> probes = running.keySet().stream()
                .filter(other -> !other.equals(node))
                .sorted()
                .map(other -> new NodeStatus.Probe(
                        other, "IPv4", "VXLAN", true, 10, 0, clock.instant().plusSeconds(1), 200, ""))
                .toList();
        return new NodeStatus(
                node,
                labels.getOrDefault(Names.APP_VERSION, ""),
                labels.getOrDefault(Names.REVISION, ""),
                Instant.parse(pod.getMetadata().getCreationTimestamp()),
                roles(labels.getOrDefault(Names.REVISION, "")),
                1500,
                1450,
                3,
                probes,
                List.of(),
                kubeProxy.rules(node));
    }

    private List<NodeStatus.Role> roles(String revision) {
        NodeStatus.Role cni = new NodeStatus.Role(NodeStatus.Role.CNI, true, "");
        return isServiceProxy(revision)
                ? List.of(cni, new NodeStatus.Role(NodeStatus.Role.SERVICE_PROXY, true, ""))
                : List.of(cni);
    }

    /** As the agent would read it in its configuration. */
    private boolean isServiceProxy(String revision) {
        ConfigMap config = client.configMaps()
                .inNamespace(Names.NAMESPACE)
                .withName(Names.nodeAgent(revision))
                .get();
        return config != null
                && ConfigJson.readConfig(config.getData().getOrDefault("node.json", ""))
                        .serviceProxy()
                        .enabled();
    }

    /** Nodes whose agent serves Services. */
    Set<String> serving() {
        Set<String> serving = new TreeSet<>();
        running.forEach((node, pod) -> {
            if (isServiceProxy(pod.getMetadata().getLabels().getOrDefault(Names.REVISION, ""))) {
                serving.add(node);
            }
        });
        return serving;
    }

    FakeKubeProxy kubeProxy() {
        return kubeProxy;
    }
}
