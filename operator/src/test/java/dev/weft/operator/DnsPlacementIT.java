package dev.weft.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.weft.api.ClusterNetwork;
import dev.weft.api.ComponentStatus;
import dev.weft.api.Condition;
import dev.weft.operator.agents.AgentPoller;
import dev.weft.operator.agents.PollLoop;
import dev.weft.operator.plan.Release;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.Operator;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** DNS servers move onto the nodes and back, against a real API server; their controllers are played. */
@SuppressWarnings("NullAway.Init") // fields are set before the test
class DnsPlacementIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int NODES = 3;

    private static ApiServer server;
    private static KubernetesClient client;
    private static FakeNodes nodes;
    private static ScheduledExecutorService turns;
    private static ScheduledFuture<?> turning;
    private static Operator operator;
    private static PollLoop loop;

    @BeforeAll
    static void start() throws IOException {
        server = ApiServer.start();
        client = server.client();
        MovableClock clock = new MovableClock();
        nodes = new FakeNodes(client, clock);
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(Names.NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        try (InputStream yaml = Objects.requireNonNull(
                ClusterNetwork.class.getResourceAsStream("/META-INF/weft/clusternetworks.weft.dev.yaml"))) {
            client.resource(Serialization.unmarshal(yaml, CustomResourceDefinition.class))
                    .create();
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> client.resources(ClusterNetwork.class).list() != null);
        }
        nodes.create(NODES);
        turns = Executors.newSingleThreadScheduledExecutor();
        turning = turns.scheduleWithFixedDelay(DnsPlacementIT::turn, 0, 200, TimeUnit.MILLISECONDS);
        KubernetesClient own = server.newClient();
        AgentPoller poller = new AgentPoller(nodes, clock);
        loop = new PollLoop(poller, clock);
        operator = new Operator(o -> o.withKubernetesClient(own).withUseSSAToPatchPrimaryResource(true));
        operator.register(
                new ClusterNetworkReconciler(new Engine(own, new Release("0.1.0", "weft.dev"), poller, loop, clock)));
        operator.start();
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
        operator.stop();
        loop.close();
        turning.cancel(true);
        turns.shutdownNow();
        server.close();
    }

    @Test
    void theOldServersGoWhenTheServiceLeadsToTheNewOnes() {
        apply("spec: {}");
        awaitServers("all", 2);
        nodes.dnsServers().forget();

        apply("spec: {dns: {placement: NodeLocal}}");
        awaitServers("nodes PreferSameNode", NODES);
        assertThat(nodes.dnsServers().seen())
                .as("turn by turn")
                .containsSubsequence("all+nodes", "nodes PreferSameNode")
                .allMatch(seen -> List.of("all", "all+nodes", "all+nodes PreferSameNode", "nodes PreferSameNode")
                        .contains(seen));
        assertThat(client.policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace(Names.DNS_NAMESPACE)
                        .withName(Names.DNS)
                        .get())
                .isNull();

        apply("spec: {dns: {placement: Cluster}}");
        awaitServers("all", 2);
        assertThat(nodes.dnsServers().seen())
                .as("turn by turn")
                .containsSubsequence("nodes PreferSameNode", "all+nodes PreferSameNode", "all")
                .doesNotContain("nodes", "");

        client.resources(ClusterNetwork.class).delete();
        await().atMost(PATIENCE)
                .until(() ->
                        client.resources(ClusterNetwork.class).list().getItems().isEmpty());
    }

    private static void awaitServers(String there, int count) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(nodes.dnsServers().seen()).last().isEqualTo(there);
            ClusterNetwork network = client.resources(ClusterNetwork.class)
                    .withName(ClusterNetwork.NAME)
                    .get();
            assertThat(network.status().condition("Ready").map(Condition::met))
                    .as("%s", network.status())
                    .contains(true);
            assertThat(network.status().observedGeneration())
                    .isEqualTo(network.getMetadata().getGeneration());
            assertThat(network.status().components())
                    .filteredOn(c -> c.name().equals("dns"))
                    .extracting(ComponentStatus::desired, ComponentStatus::ready, ComponentStatus::message)
                    .containsExactly(tuple(count, count, ""));
        });
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
