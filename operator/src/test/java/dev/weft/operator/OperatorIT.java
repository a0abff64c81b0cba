package dev.weft.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.api.ClusterNetwork;
import dev.weft.api.ClusterNetworkStatus;
import dev.weft.api.ComponentStatus;
import dev.weft.api.Condition;
import dev.weft.api.RolloutPhase;
import dev.weft.operator.agents.AgentPoller;
import dev.weft.operator.agents.PollLoop;
import dev.weft.operator.plan.Release;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.Operator;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator against a real API server; kubelets and agents are played. */
@SuppressWarnings("NullAway.Init") // fields are set before each test
class OperatorIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int NODES = 3;

    private static ApiServer server;
    private static KubernetesClient client;
    private static MovableClock clock;
    private static FakeNodes nodes;
    private static ScheduledExecutorService turns;
    private static @Nullable ScheduledFuture<?> turning;

    private Operator operator;
    private PollLoop loop;

    @BeforeAll
    static void start() throws IOException {
        server = ApiServer.start();
        client = server.client();
        clock = new MovableClock();
        nodes = new FakeNodes(client, clock);
        Namespace namespace = new NamespaceBuilder()
                .withNewMetadata()
                .withName(Names.NAMESPACE)
                .endMetadata()
                .build();
        client.resource(namespace).create();
        try (InputStream yaml = Objects.requireNonNull(
                ClusterNetwork.class.getResourceAsStream("/META-INF/weft/clusternetworks.weft.dev.yaml"))) {
            CustomResourceDefinition crd = Serialization.unmarshal(yaml, CustomResourceDefinition.class);
            client.resource(crd).create();
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> client.resources(ClusterNetwork.class).list() != null);
        }
        nodes.create(NODES);
        turns = Executors.newSingleThreadScheduledExecutor();
        turning = turns.scheduleWithFixedDelay(OperatorIT::turn, 0, 200, TimeUnit.MILLISECONDS);
    }

    private static void turn() {
        try {
            nodes.turn();
        } catch (KubernetesClientException e) {
            // Another writer was faster; the next turn sees what it did.
            System.err.println(e.getMessage());
        }
    }

    @AfterAll
    static void stop() {
        if (turning != null) {
            turning.cancel(true);
        }
        turns.shutdownNow();
        server.close();
    }

    @BeforeEach
    void startOperator() {
        AgentPoller poller = new AgentPoller(nodes, clock);
        loop = new PollLoop(poller, clock);
        KubernetesClient own = server.newClient();
        operator = new Operator(o -> o.withKubernetesClient(own).withUseSSAToPatchPrimaryResource(true));
        operator.register(
                new ClusterNetworkReconciler(new Engine(own, new Release("0.1.0", "weft.dev"), poller, loop, clock)));
        operator.start();
    }

    @AfterEach
    void stopOperator() {
        client.resources(ClusterNetwork.class).delete();
        await().atMost(PATIENCE)
                .until(() ->
                        client.resources(ClusterNetwork.class).list().getItems().isEmpty());
        operator.stop();
        loop.close();
    }

    @Test
    void anEmptySpecComesUpAndThenNothingIsWritten() {
        apply("");
        ClusterNetworkStatus status = awaitReady("0.1.0");

        assertThat(Objects.requireNonNull(status.effective()).podCIDRs()).containsExactly("10.244.0.0/16");
        assertThat(Objects.requireNonNull(status.effective()).serviceCIDRs()).containsExactly("10.0.0.0/24");
        assertThat(Objects.requireNonNull(status.connectivity()).summary()).isEqualTo("6/6");
        assertThat(network().getSpec()).as("the operator never writes the spec").isNull();
        assertThat(network().getMetadata().getGeneration()).isEqualTo(1);
        await().atMost(PATIENCE).until(this::quiet);
    }

    /** Nobody wrote for ten seconds: longer than any rollout's pace, shorter than a test's patience. */
    private boolean quiet() {
        double before = server.writes();
        await().pollDelay(Duration.ofSeconds(10)).atMost(Duration.ofSeconds(20)).until(() -> true);
        return server.writes() == before;
    }

    @Test
    void whatSomeoneDeletesOrChangesComesBack() {
        apply("");
        awaitReady("0.1.0");
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
                .untilAsserted(() -> assertThat(messages("Repaired"))
                        .anyMatch(m -> m.startsWith("DaemonSet weft-node-") && m.contains("was deleted"))
                        .anyMatch(m -> m.startsWith("DaemonSet weft-node-") && m.contains("was changed"))
                        .anyMatch(m -> m.startsWith("ClusterRole weft-node was deleted"))
                        .anyMatch(m -> m.startsWith("ConfigMap weft-node-")));
    }

    @Test
    void aNewVersionRollsNodeByNodeAndABrokenOneStops() {
        apply("");
        awaitReady("0.1.0");
        int before = nodes.started().size();

        apply("spec: {version: 0.2.0}");
        awaitReady("0.2.0");
        assertThat(nodes.started().subList(before, nodes.started().size()))
                .containsExactly(
                        "node1/weft.dev/weft-node:0.2.0",
                        "node2/weft.dev/weft-node:0.2.0",
                        "node3/weft.dev/weft-node:0.2.0");
        await().atMost(PATIENCE).until(() -> daemonSets().size() == 1);

        apply("spec: {version: 9.9.9}");
        await().atMost(PATIENCE)
                .until(() -> phase() == RolloutPhase.PROGRESSING && started("node1/weft.dev/weft-node:9.9.9"));
        clock.advance(Duration.ofSeconds(31));
        await().atMost(PATIENCE).until(() -> phase() == RolloutPhase.STOPPED);
        Condition degraded = network().status().condition("Degraded").orElseThrow();
        assertThat(degraded.met()).isTrue();
        assertThat(degraded.message())
                .contains("node1", "container node: ImagePullBackOff: Back-off pulling image weft.dev/weft-node:9.9.9");
        assertThat(network().status().version()).isEqualTo("0.2.0");
        assertThat(nodes.started()).doesNotContain("node2/weft.dev/weft-node:9.9.9");

        apply("spec: {version: 0.2.0}");
        awaitReady("0.2.0");
        await().atMost(PATIENCE).until(() -> daemonSets().size() == 1);
    }

    @Test
    void anotherOperatorTakesOverInTheMiddleOfARollout() {
        apply("");
        awaitReady("0.1.0");
        int before = nodes.started().size();

        apply("spec: {version: 0.2.0}");
        await().atMost(PATIENCE).until(() -> started("node1/weft.dev/weft-node:0.2.0"));
        operator.stop();
        loop.close();
        startOperator();
        awaitReady("0.2.0");
        assertThat(nodes.started().subList(before, nodes.started().size())).hasSize(NODES);
    }

    @Test
    void overlappingRangesAreRefusedAndNothingIsApplied() {
        apply("spec: {podNetwork: {cidrs: [10.0.0.0/8]}}");
        await().atMost(PATIENCE)
                .until(() -> network()
                        .status()
                        .condition("Stalled")
                        .filter(Condition::met)
                        .isPresent());
        assertThat(network().status().condition("Stalled").orElseThrow().message())
                .contains("10.0.0.0/8 (spec) overlaps the Service range 10.0.0.0/24");
        assertThat(daemonSets()).isEmpty();
    }

    @Test
    void unmanagedKeepsOffAndRemovedTakesAway() {
        apply("");
        awaitReady("0.1.0");
        apply("spec: {managementState: Unmanaged}");
        await().atMost(PATIENCE).until(() -> "Unmanaged".equals(reason("Ready")));
        client.resource(daemonSets().getFirst()).delete();
        await().during(Duration.ofSeconds(3))
                .atMost(PATIENCE)
                .until(() -> daemonSets().isEmpty());

        apply("spec: {managementState: Managed}");
        awaitReady("0.1.0");
        apply("spec: {podNetwork: {managementState: Removed}}");
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
            apply("");
            awaitReady("0.1.0");
            assertThat(serviceProxy())
                    .contains("set spec.serviceProxy.managementState to Managed", "DaemonSet kube-system/kube-proxy");
            assertThat(nodes.serving()).isEmpty();

            apply("spec: {serviceProxy: {managementState: Managed}}");
            await().atMost(PATIENCE.multipliedBy(2))
                    .untilAsserted(() -> assertThat(kubeProxy.nodesWithPods()).isEmpty());
            awaitReady("0.1.0");
            await().atMost(PATIENCE).until(() -> serviceProxy().isEmpty());
            assertThat(nodes.serving()).hasSize(NODES);

            apply("spec: {serviceProxy: {managementState: Removed}}");
            await().atMost(PATIENCE.multipliedBy(2)).until(() -> nodes.serving().isEmpty());
            awaitReady("0.1.0");
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
        return network().status().components().stream()
                .filter(c -> c.name().equals("serviceProxy"))
                .map(ComponentStatus::message)
                .findFirst()
                .orElse("");
    }

    @Test
    void deletingItCleansTheNodesAndLeavesNothing() {
        apply("");
        awaitReady("0.1.0");
        apply("spec: {version: 0.2.0}");
        awaitReady("0.2.0");
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

    private static ClusterNetworkStatus awaitReady(String version) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            ClusterNetworkStatus status = network().status();
            assertThat(status.version()).isEqualTo(version);
            assertThat(status.condition("Ready").map(Condition::met))
                    .as("%s", status)
                    .contains(true);
            assertThat(status.observedGeneration())
                    .isEqualTo(network().getMetadata().getGeneration());
        });
        return network().status();
    }

    private static ClusterNetwork network() {
        return client.resources(ClusterNetwork.class)
                .withName(ClusterNetwork.NAME)
                .get();
    }

    private static @Nullable RolloutPhase phase() {
        return network().status().rollout() == null
                ? null
                : network().status().rollout().phase();
    }

    private static String reason(String condition) {
        return network().status().condition(condition).map(Condition::reason).orElse("");
    }

    private static List<DaemonSet> daemonSets() {
        return client.apps().daemonSets().inNamespace(Names.NAMESPACE).list().getItems();
    }

    private static List<String> messages(String reason) {
        List<String> messages = new ArrayList<>();
        for (Event event : client.v1().events().inNamespace("default").list().getItems()) {
            if (event.getReason().equals(reason)) {
                messages.add(event.getMessage());
            }
        }
        return messages;
    }

    private static void apply(String rest) {
        client.resource(Serialization.unmarshal(
                        "apiVersion: weft.dev/v1alpha1\nkind: ClusterNetwork\nmetadata: {name: default}\n" + rest,
                        GenericKubernetesResource.class))
                .fieldManager("test")
                .forceConflicts()
                .serverSideApply();
    }
}
