package dev.weft.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.weft.api.ComponentStatus;
import dev.weft.operator.revision.Names;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** DNS servers move onto the nodes and back, against a real API server; their controllers are played. */
@SuppressWarnings("NullAway.Init") // set before the test
class DnsPlacementIT {
    private static PlayedCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = PlayedCluster.start();
        cluster.startOperator();
    }

    @AfterAll
    static void stop() {
        cluster.stopOperator();
        cluster.close();
    }

    @Test
    void theOldServersGoWhenTheServiceLeadsToTheNewOnes() {
        cluster.apply("spec: {}");
        awaitServers("all", 2);
        cluster.dnsServers().forget();

        cluster.apply("spec: {dns: {placement: NodeLocal}}");
        awaitServers("nodes PreferSameNode", PlayedCluster.NODES);
        assertThat(cluster.dnsServers().seen())
                .as("turn by turn")
                .containsSubsequence("all+nodes", "nodes PreferSameNode")
                .allMatch(List.of("all", "all+nodes", "all+nodes PreferSameNode", "nodes PreferSameNode")::contains);
        assertThat(cluster.client()
                        .policy()
                        .v1()
                        .podDisruptionBudget()
                        .inNamespace(Names.DNS_NAMESPACE)
                        .withName(Names.DNS)
                        .get())
                .isNull();

        cluster.apply("spec: {dns: {placement: Cluster}}");
        awaitServers("all", 2);
        assertThat(cluster.dnsServers().seen())
                .as("turn by turn")
                .containsSubsequence("nodes PreferSameNode", "all+nodes PreferSameNode", "all")
                .doesNotContain("nodes", "");
    }

    private static void awaitServers(String there, int count) {
        await().atMost(PlayedCluster.PATIENCE)
                .untilAsserted(
                        () -> assertThat(cluster.dnsServers().seen()).last().isEqualTo(there));
        cluster.awaitReady("0.1.0");
        await().atMost(PlayedCluster.PATIENCE)
                .untilAsserted(() -> assertThat(cluster.network().status().components())
                        .filteredOn(c -> c.name().equals("dns"))
                        .extracting(ComponentStatus::desired, ComponentStatus::ready, ComponentStatus::message)
                        .containsExactly(tuple(count, count, "")));
    }
}
