package dev.weft.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.api.Condition;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operator and the cluster's DNS, against a real API server. */
@SuppressWarnings("NullAway.Init") // set before the first test
class DnsIT {
    private static PlayedCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = PlayedCluster.start();
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
    void serversStayUntilNothingLeadsToThemAnyMore() {
        FakeDns dns = cluster.dns();
        dns.installFormer("10.0.0.10");
        try {
            cluster.apply("spec: {dns: {managementState: Managed}}");
            awaitSelector(Map.of(Names.APP_NAME, Names.DNS));
            dns.endpointsAreWefts();
            cluster.awaitReady("0.1.0");
            assertThat(dns.service().getMetadata().getOwnerReferences())
                    .as("somebody else's Service stays when the ClusterNetwork goes")
                    .isEmpty();
            assertThat(deployment().getMetadata().getOwnerReferences())
                    .singleElement()
                    .satisfies(o -> assertThat(o.getKind()).isEqualTo("Namespace"));

            cluster.apply("spec: {dns: {managementState: Removed}}");
            awaitSelector(FakeDns.FORMER);
            cluster.clock().advance(Duration.ofMinutes(1));
            await().during(Duration.ofSeconds(5))
                    .atMost(PlayedCluster.PATIENCE)
                    .until(() -> serversRun() && "returned".equals(mark()));

            dns.endpointsAreFormer();
            await().during(Duration.ofSeconds(4)).atMost(PlayedCluster.PATIENCE).until(DnsIT::serversRun);
            cluster.clock().advance(Duration.ofSeconds(10));
            await().atMost(PlayedCluster.PATIENCE).until(() -> !serversRun() && mark() == null);
            assertThat(dns.service().getSpec().getSelector()).isEqualTo(FakeDns.FORMER);
        } finally {
            dns.uninstallFormer();
        }
    }

    @Test
    void serversThatNeverGetReadyGiveWayToThoseBefore() {
        cluster.apply("spec: {dns: {env: [{name: FIRST, value: '1'}]}}");
        cluster.awaitReady("0.1.0");

        cluster.apply("spec: {dns: {env: [{name: BROKEN, value: '1'}]}}");
        await().atMost(PlayedCluster.PATIENCE).untilAsserted(() -> {
            assertThat(cluster.messages("DnsRolledBack")).anyMatch(m -> m.contains("did not get ready"));
            assertThat(FakeDeployments.hasVariable(deployment(), "FIRST")).isTrue();
            Condition degraded =
                    cluster.network().status().condition("Degraded").orElseThrow();
            assertThat(degraded.met()).isTrue();
            assertThat(degraded.reason()).isEqualTo("DnsFailing");
            assertThat(degraded.message()).contains("serve on");
        });
        await().during(Duration.ofSeconds(4))
                .atMost(PlayedCluster.PATIENCE)
                .until(() -> FakeDeployments.hasVariable(deployment(), "FIRST"));

        cluster.apply("spec: {dns: {env: [{name: SECOND, value: '1'}]}}");
        cluster.awaitReady("0.1.0");
        assertThat(FakeDeployments.hasVariable(deployment(), "SECOND")).isTrue();
    }

    /** What is wanted of the Deployment rests on what ran before, so it comes back another than it was. */
    @Test
    void anEventTellsOfServersThatSomebodyDeleted() {
        cluster.apply("spec: {}");
        cluster.awaitReady("0.1.0");
        await().atMost(PlayedCluster.PATIENCE)
                .until(() -> deployment().getMetadata().getAnnotations().keySet().stream()
                        .anyMatch(key -> key.endsWith("dns-proved-template")));

        cluster.client().resource(deployment()).delete();
        await().atMost(PlayedCluster.PATIENCE).untilAsserted(() -> {
            assertThat(serversRun()).isTrue();
            assertThat(cluster.messages("Repaired")).anyMatch(m -> m.startsWith("Deployment weft-dns was deleted"));
        });
    }

    private static void awaitSelector(Map<String, String> selector) {
        await().atMost(PlayedCluster.PATIENCE)
                .until(() -> selector.equals(cluster.dns().service().getSpec().getSelector()));
    }

    private static @Nullable String mark() {
        Map<String, String> labels = cluster.dns().service().getMetadata().getLabels();
        return labels == null ? null : labels.get(Names.DNS_TAKEN);
    }

    private static boolean serversRun() {
        Deployment deployment = find();
        return deployment != null && deployment.getMetadata().getDeletionTimestamp() == null;
    }

    private static Deployment deployment() {
        return Objects.requireNonNull(find());
    }

    private static @Nullable Deployment find() {
        return cluster.client()
                .apps()
                .deployments()
                .inNamespace(Names.DNS_NAMESPACE)
                .withName(Names.DNS)
                .get();
    }
}
