package dev.weft.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.api.ClusterNetwork;
import dev.weft.api.ClusterNetworkStatus;
import dev.weft.api.ComponentStatus;
import dev.weft.api.Condition;
import dev.weft.api.RolloutPhase;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator against a real API server; kubelets and agents are played. */
@SuppressWarnings("NullAway.Init") // fields are set before each test
class OperatorIT {
    private static final Duration PATIENCE = PlayedCluster.PATIENCE;
    private static final int NODES = PlayedCluster.NODES;

    private static PlayedCluster cluster;
    private static KubernetesClient client;
    private static MovableClock clock;
    private static FakeNodes nodes;

    @BeforeAll
    static void start() throws IOException {
        cluster = PlayedCluster.start();
        client = cluster.client();
        clock = cluster.clock();
        nodes = cluster.nodes();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void startOperator() {
        cluster.startOperator();
    }

    @AfterEach
    void stopOperator() {
        cluster.stopOperator();
    }

    @Test
    void anEmptySpecComesUpAndThenNothingIsWritten() {
        cluster.apply("");
        ClusterNetworkStatus status = cluster.awaitReady("0.1.0");

        assertThat(Objects.requireNonNull(status.effective()).podCIDRs()).containsExactly("10.244.0.0/16");
        assertThat(Objects.requireNonNull(status.effective()).serviceCIDRs()).containsExactly("10.0.0.0/24");
        assertThat(Objects.requireNonNull(status.connectivity()).summary()).isEqualTo("6/6");
        assertThat(cluster.network().getSpec())
                .as("the operator never writes the spec")
                .isNull();
        assertThat(cluster.network().getMetadata().getGeneration()).isEqualTo(1);
        await().atMost(PATIENCE).until(this::quiet);
    }

    /** Nobody wrote for ten seconds: longer than any rollout's pace, shorter than a test's patience. */
    private boolean quiet() {
        double before = cluster.writes();
        await().pollDelay(Duration.ofSeconds(10)).atMost(Duration.ofSeconds(20)).until(() -> true);
        return cluster.writes() == before;
    }

    @Test
    void whatSomeoneDeletesOrChangesComesBack() {
        cluster.apply("");
        cluster.awaitReady("0.1.0");
        DaemonSet daemonSet = daemonSets().getFirst();

        client.resource(daemonSet).delete();
        await().atMost(PATIENCE)
                .until(() -> daemonSets().stream()
                        .anyMatch(d -> !d.getMetadata()
                                .getUid()
                                .equals(daemonSet.getMetadata().getUid())));
        client.apps()
                .daemonSets()
                .inNamespace(Names.NAMESPACE)
                .withName(daemonSet.getMetadata().getName())
                .edit(d -> new DaemonSetBuilder(d)
                        .editSpec()
                        .editTemplate()
                        .editSpec()
                        .withHostNetwork(false)
                        .endSpec()
                        .endTemplate()
                        .endSpec()
                        .build());
        await().atMost(PATIENCE)
                .until(() -> Boolean.TRUE.equals(daemonSets()
                        .getFirst()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getHostNetwork()));
        client.rbac().clusterRoles().withName(Names.NODE_AGENT).delete();
        client.configMaps()
                .inNamespace(Names.NAMESPACE)
                .withName(daemonSet.getMetadata().getName())
                .delete();
        await().atMost(PATIENCE)
                .until(() ->
                        client.rbac().clusterRoles().withName(Names.NODE_AGENT).get() != null
                                && client.configMaps()
                                                .inNamespace(Names.NAMESPACE)
                                                .withName(
                                                        daemonSet.getMetadata().getName())
                                                .get()
                                        != null);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(cluster.messages("Repaired"))
                        .anyMatch(m -> m.startsWith("DaemonSet weft-node-") && m.contains("was deleted"))
                        .anyMatch(m -> m.startsWith("DaemonSet weft-node-") && m.contains("was changed"))
                        .anyMatch(m -> m.startsWith("ClusterRole weft-node was deleted"))
                        .anyMatch(m -> m.startsWith("ConfigMap weft-node-")));
    }

    @Test
    void aNewVersionRollsNodeByNodeAndABrokenOneStops() {
        cluster.apply("");
        cluster.awaitReady("0.1.0");
        int before = nodes.started().size();

        cluster.apply("spec: {version: 0.2.0}");
        cluster.awaitReady("0.2.0");
        assertThat(nodes.started().subList(before, nodes.started().size()))
                .containsExactly(
                        "node1/weft.dev/weft-node:0.2.0",
                        "node2/weft.dev/weft-node:0.2.0",
                        "node3/weft.dev/weft-node:0.2.0");
        await().atMost(PATIENCE).until(() -> daemonSets().size() == 1);

        cluster.apply("spec: {version: 9.9.9}");
        await().atMost(PATIENCE)
                .until(() -> phase() == RolloutPhase.PROGRESSING && started("node1/weft.dev/weft-node:9.9.9"));
        clock.advance(Duration.ofSeconds(31));
        await().atMost(PATIENCE).until(() -> phase() == RolloutPhase.STOPPED);
        Condition degraded = cluster.network().status().condition("Degraded").orElseThrow();
        assertThat(degraded.met()).isTrue();
        assertThat(degraded.message())
                .contains("node1", "container node: ImagePullBackOff: Back-off pulling image weft.dev/weft-node:9.9.9");
        assertThat(cluster.network().status().version()).isEqualTo("0.2.0");
        assertThat(nodes.started()).doesNotContain("node2/weft.dev/weft-node:9.9.9");

        cluster.apply("spec: {version: 0.2.0}");
        cluster.awaitReady("0.2.0");
        await().atMost(PATIENCE).until(() -> daemonSets().size() == 1);
    }

    @Test
    void anotherOperatorTakesOverInTheMiddleOfARollout() {
        cluster.apply("");
        cluster.awaitReady("0.1.0");
        int before = nodes.started().size();

        cluster.apply("spec: {version: 0.2.0}");
        await().atMost(PATIENCE).until(() -> started("node1/weft.dev/weft-node:0.2.0"));
        cluster.killOperator();
        cluster.startOperator();
        cluster.awaitReady("0.2.0");
        assertThat(nodes.started().subList(before, nodes.started().size())).hasSize(NODES);
    }

    @Test
    void overlappingRangesAreRefusedAndNothingIsApplied() {
        cluster.apply("spec: {podNetwork: {cidrs: [10.0.0.0/8]}}");
        await().atMost(PATIENCE)
                .until(() -> cluster.network()
                        .status()
                        .condition("Stalled")
                        .filter(Condition::met)
                        .isPresent());
        assertThat(cluster.network().status().condition("Stalled").orElseThrow().message())
                .contains("10.0.0.0/8 (spec) overlaps the Service range 10.0.0.0/24");
        assertThat(daemonSets()).isEmpty();
    }

    @Test
    void unmanagedKeepsOffAndRemovedTakesAway() {
        cluster.apply("");
        cluster.awaitReady("0.1.0");
        cluster.apply("spec: {managementState: Unmanaged}");
        await().atMost(PATIENCE).until(() -> "Unmanaged".equals(reason("Ready")));
        client.resource(daemonSets().getFirst()).delete();
        await().during(Duration.ofSeconds(3))
                .atMost(PATIENCE)
                .until(() -> daemonSets().isEmpty());

        cluster.apply("spec: {managementState: Managed}");
        cluster.awaitReady("0.1.0");
        cluster.apply("spec: {podNetwork: {managementState: Removed}}");
        await().atMost(PATIENCE).until(() -> "Removed".equals(reason("Ready")));
        assertThat(daemonSets()).isEmpty();
        assertThat(started("node3/weft.dev/weft-node:0.1.0")).isTrue();
    }

    /** The affinity that kube-proxy has on some platforms must be as it was in the end. */
    @Test
    void takesOverFromKubeProxyNodeByNodeAndGivesBack() {
        Affinity affinity = Serialization.unmarshal("""
                nodeAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                    nodeSelectorTerms:
                      - matchExpressions: [{key: example.com/virtual, operator: DoesNotExist}]
                """, Affinity.class);
        FakeKubeProxy kubeProxy = nodes.kubeProxy();
        kubeProxy.install(affinity);
        try {
            await().atMost(PATIENCE).until(() -> kubeProxy.nodesWithPods().size() == NODES);
            cluster.apply("");
            cluster.awaitReady("0.1.0");
            assertThat(serviceProxy())
                    .contains("set spec.serviceProxy.managementState to Managed", "DaemonSet kube-system/kube-proxy");
            assertThat(nodes.serving()).isEmpty();

            cluster.apply("spec: {serviceProxy: {managementState: Managed}}");
            await().atMost(PATIENCE.multipliedBy(2))
                    .untilAsserted(() -> assertThat(kubeProxy.nodesWithPods()).isEmpty());
            cluster.awaitReady("0.1.0");
            await().atMost(PATIENCE).until(() -> serviceProxy().isEmpty());
            assertThat(nodes.serving()).hasSize(NODES);

            cluster.apply("spec: {serviceProxy: {managementState: Removed}}");
            await().atMost(PATIENCE.multipliedBy(2)).until(() -> nodes.serving().isEmpty());
            cluster.awaitReady("0.1.0");
            assertThat(kubeProxy.nodesWithPods()).hasSize(NODES);
            DaemonSet after = Objects.requireNonNull(kubeProxy.daemonSet());
            assertThat(after.getSpec().getTemplate().getSpec().getAffinity()).isEqualTo(affinity);
            assertThat(after.getMetadata().getLabels()).doesNotContainKey(Names.KUBE_PROXY);
            assertThat(after.getMetadata().getAnnotations()).doesNotContainKey(Names.KUBE_PROXY_AFFINITY);
            assertThat(kubeProxy.unserved())
                    .as("nodes without a service proxy at some time")
                    .isEmpty();
        } finally {
            kubeProxy.uninstall();
        }
    }

    private static String serviceProxy() {
        return cluster.network().status().components().stream()
                .filter(c -> c.name().equals("serviceProxy"))
                .map(ComponentStatus::message)
                .findFirst()
                .orElse("");
    }

    @Test
    void deletingItCleansTheNodesAndLeavesNothing() {
        cluster.apply("");
        cluster.awaitReady("0.1.0");
        cluster.apply("spec: {version: 0.2.0}");
        cluster.awaitReady("0.2.0");
        int before = nodes.started().size();

        client.resources(ClusterNetwork.class).delete();
        await().atMost(PATIENCE)
                .until(() ->
                        client.resources(ClusterNetwork.class).list().getItems().isEmpty());
        assertThat(nodes.started().subList(before, nodes.started().size()))
                .as("the clean-up ran on every node")
                .hasSize(NODES);
        assertThat(daemonSets()).isEmpty();
        assertThat(client.configMaps()
                        .inNamespace(Names.NAMESPACE)
                        .withLabel(Names.MANAGED_BY, Names.FIELD_MANAGER)
                        .list()
                        .getItems())
                .isEmpty();
        assertThat(client.rbac().clusterRoles().withName(Names.NODE_AGENT).get())
                .isNull();
        for (Node node : client.nodes().list().getItems()) {
            assertThat(node.getMetadata().getLabels()).doesNotContainKey(Names.REVISION);
        }
    }

    private static boolean started(String what) {
        return nodes.started().contains(what);
    }

    private static @Nullable RolloutPhase phase() {
        return cluster.network().status().rollout() == null
                ? null
                : cluster.network().status().rollout().phase();
    }

    private static String reason(String condition) {
        return cluster.network()
                .status()
                .condition(condition)
                .map(Condition::reason)
                .orElse("");
    }

    private static List<DaemonSet> daemonSets() {
        return client.apps().daemonSets().inNamespace(Names.NAMESPACE).list().getItems();
    }
}
