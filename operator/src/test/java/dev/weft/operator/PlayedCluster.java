package dev.weft.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.api.ClusterNetwork;
import dev.weft.api.ClusterNetworkStatus;
import dev.weft.api.Condition;
import dev.weft.operator.agents.AgentPoller;
import dev.weft.operator.agents.AgentSilentException;
import dev.weft.operator.agents.PollLoop;
import dev.weft.operator.agents.ServerPoller;
import dev.weft.operator.plan.Release;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Event;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real API server; controllers, kubelets and agents are played. The operator is started for each test. */
final class PlayedCluster implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final int NODES = 3;

    private final ApiServer server = ApiServer.start();
    private final KubernetesClient client = server.client();
    private final MovableClock clock = new MovableClock();
    private final FakeNodes nodes = new FakeNodes(client, clock);
    private final FakeDns dns = new FakeDns(client);
    private final FakeDeployments deployments = new FakeDeployments(client);
    private final FakeDnsServers dnsServers = new FakeDnsServers(client);
    private final ScheduledExecutorService turns = Executors.newSingleThreadScheduledExecutor();
    private @Nullable Operator operator;
    private @Nullable PollLoop loop;

    static PlayedCluster start() throws IOException {
        PlayedCluster cluster = new PlayedCluster();
        cluster.client
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(Names.NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        try (InputStream yaml = Objects.requireNonNull(
                ClusterNetwork.class.getResourceAsStream("/META-INF/weft/clusternetworks.weft.dev.yaml"))) {
            cluster.client
                    .resource(Serialization.unmarshal(yaml, CustomResourceDefinition.class))
                    .create();
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> cluster.client.resources(ClusterNetwork.class).list() != null);
        }
        cluster.nodes.create(NODES);
        var _ = cluster.turns.scheduleWithFixedDelay(cluster::turn, 0, 200, TimeUnit.MILLISECONDS);
        return cluster;
    }

    private void turn() {
        try {
            nodes.turn();
            dnsServers.turn();
            deployments.turn();
        } catch (KubernetesClientException e) {
            // Another writer was faster; the next turn sees what it did.
            System.err.println(e.getMessage());
        }
    }

    void startOperator() {
        AgentPoller poller = new AgentPoller(nodes, clock);
        ServerPoller dnsPoller = ServerPoller.ofDns(dns::status, clock);
        ServerPoller ingressPoller = ServerPoller.ofIngress(
                address -> {
                    throw new AgentSilentException("there are no proxies");
                },
                clock);
        PollLoop polls = new PollLoop(poller, dnsPoller, ingressPoller, clock);
        KubernetesClient own = server.newClient();
        Operator started = new Operator(o -> o.withKubernetesClient(own).withUseSSAToPatchPrimaryResource(true));
        started.register(new ClusterNetworkReconciler(
                new Engine(own, new Release("0.1.0", "weft.dev"), poller, dnsPoller, ingressPoller, polls, clock)));
        started.start();
        operator = started;
        loop = polls;
    }

    /** Removes the ClusterNetwork first, with all that comes of it. */
    void stopOperator() {
        client.resources(ClusterNetwork.class).delete();
        await().atMost(PATIENCE)
                .until(() ->
                        client.resources(ClusterNetwork.class).list().getItems().isEmpty());
        killOperator();
    }

    /** Ends the operator as it is, whatever it was about to do. */
    void killOperator() {
        Objects.requireNonNull(operator).stop();
        Objects.requireNonNull(loop).close();
    }

    KubernetesClient client() {
        return client;
    }

    MovableClock clock() {
        return clock;
    }

    FakeNodes nodes() {
        return nodes;
    }

    FakeDns dns() {
        return dns;
    }

    FakeDnsServers dnsServers() {
        return dnsServers;
    }

    /** Requests that write, since the start, by whomever. */
    double writes() {
        return server.writes();
    }

    /** @param rest of the ClusterNetwork, such as {@code spec: {}} */
    void apply(String rest) {
        client.resource(Serialization.unmarshal(
                        "apiVersion: weft.dev/v1alpha1\nkind: ClusterNetwork\nmetadata: {name: default}\n" + rest,
                        GenericKubernetesResource.class))
                .fieldManager("test")
                .forceConflicts()
                .serverSideApply();
    }

    ClusterNetwork network() {
        return client.resources(ClusterNetwork.class)
                .withName(ClusterNetwork.NAME)
                .get();
    }

    ClusterNetworkStatus awaitReady(String version) {
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

    /** Of Events with this reason. */
    List<String> messages(String reason) {
        List<String> messages = new ArrayList<>();
        for (Event event : client.v1().events().inNamespace("default").list().getItems()) {
            if (event.getReason().equals(reason)) {
                messages.add(event.getMessage());
            }
        }
        return messages;
    }

    @Override
    public void close() {
        turns.shutdownNow();
        server.close();
    }
}
