package dev.weft.serviceproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.agent.TimeSource;
import dev.weft.kube.EndpointSlice;
import dev.weft.kube.Node;
import dev.weft.kube.Service;
import dev.weft.linux.Netns;
import dev.weft.net.Ip;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** S9 and S15. */
@ExtendWith(NetworkNamespaces.class)
class HealthTest {
    private static final class Clock implements TimeSource {
        private long nanos = 1;

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public long nanos() {
            return nanos;
        }

        void pass(Duration time) {
            nanos += time.toNanos();
        }
    }

    private static Node node(boolean deleting, String... taints) {
        return new Node(
                "n", "u", Map.of(), Instant.EPOCH, List.of(), List.of(), List.of(), Set.of(taints), true, deleting);
    }

    @Test
    void unhealthy_before_the_first_sync_and_while_one_is_overdue() {
        Clock clock = new Clock();
        ProxyHealth health = new ProxyHealth(clock);
        assertThat(health.isHealthy()).isFalse();
        health.queued();
        health.begin();
        health.succeeded();
        assertThat(health.isHealthy()).isTrue();
        clock.pass(Duration.ofHours(1));
        assertThat(health.isHealthy()).as("nothing to do is no failure").isTrue();
        health.queued();
        clock.pass(Duration.ofSeconds(59));
        health.failed(health.begin());
        clock.pass(Duration.ofSeconds(2));
        assertThat(health.isHealthy())
                .as("failing syncs do not hide how long it takes")
                .isFalse();
        health.begin();
        health.succeeded();
        assertThat(health.isHealthy()).isTrue();
    }

    @Test
    void nodes_on_their_way_out_get_no_traffic() {
        assertThat(ProxyHealth.isEligible(Optional.of(node(false)))).isTrue();
        assertThat(ProxyHealth.isEligible(Optional.empty())).isTrue();
        assertThat(ProxyHealth.isEligible(Optional.of(node(true)))).isFalse();
        assertThat(ProxyHealth.isEligible(Optional.of(node(false, "ToBeDeletedByClusterAutoscaler"))))
                .isFalse();
    }

    @Test
    void terminating_endpoints_do_not_count() {
        Service service = new Service(
                Samples.WEB,
                "LoadBalancer",
                List.of(Ip.parse("10.96.0.1")),
                List.of(new Service.Port("t", 6, 80, 30_080)),
                new Service.External(List.of(), List.of(), List.of(), true, 31_000),
                false,
                0);
        EndpointSlice slice = Samples.slice(List.of(
                Samples.endpoint(Ip.parse("10.244.0.2"), "node-0", true, true, false),
                Samples.endpoint(Ip.parse("10.244.0.3"), "node-0", false, true, true),
                Samples.endpoint(Ip.parse("10.244.1.2"), "node-1", true, true, false)));
        assertThat(HealthCheck.of(new ServiceInputs(service, List.of(slice)), RandomCluster.SITE))
                .contains(new HealthCheck(Samples.WEB, 31_000, 1));
    }

    @Test
    void load_balancers_are_told(TestNetns testNetns) throws IOException {
        AtomicBoolean healthy = new AtomicBoolean(true);
        try (Netns netns = Netns.open(testNetns.path());
                HealthPorts ports = new HealthPorts(netns, healthy::get)) {
            ports.follow(List.of(new HealthCheck(Samples.WEB, 31_000, 2)), Optional.empty());
            assertThat(get(testNetns, 31_000, "/"))
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("X-Load-Balancing-Endpoint-Weight: 2")
                    .endsWith("{\"service\":{\"namespace\":\"shop\",\"name\":\"web\"},\"localEndpoints\":2,"
                            + "\"serviceProxyHealthy\":true}");
            ports.follow(List.of(new HealthCheck(Samples.WEB, 31_000, 0)), Optional.empty());
            assertThat(get(testNetns, 31_000, "/")).startsWith("HTTP/1.1 503");
            healthy.set(false);
            ports.follow(List.of(new HealthCheck(Samples.WEB, 31_001, 2)), Optional.empty());
            assertThat(get(testNetns, 31_000, "/")).isEmpty();
            assertThat(get(testNetns, 31_001, "/")).startsWith("HTTP/1.1 503").contains("Healthy\":false");
        }
    }

    @Test
    void checks_are_answered_where_node_ports_are_open(TestNetns testNetns) throws IOException {
        testNetns.exec("ip", "addr", "add", "127.0.0.2/32", "dev", "lo");
        Ip first = Ip.parse("127.0.0.1");
        Ip second = Ip.parse("127.0.0.2");
        List<HealthCheck> checks = List.of(new HealthCheck(Samples.WEB, 31_000, 2));
        try (Netns netns = Netns.open(testNetns.path());
                HealthPorts ports = new HealthPorts(netns, () -> true)) {
            ports.follow(checks, Optional.of(Set.of(second)));
            assertThat(get(testNetns, second, 31_000, "/")).startsWith("HTTP/1.1 200");
            assertThat(get(testNetns, first, 31_000, "/")).isEmpty();
            ports.follow(checks, Optional.of(Set.of(first)));
            assertThat(get(testNetns, second, 31_000, "/")).isEmpty();
            assertThat(get(testNetns, first, 31_000, "/")).startsWith("HTTP/1.1 200");
            ports.follow(checks, Optional.empty());
            assertThat(get(testNetns, second, 31_000, "/")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void addresses_of_node_ports_are_named_by_prefix_or_as_those_of_the_node() {
        Site site = new Site("n", "", List.of(Ip.parse("192.0.2.7"), Ip.parse("2001:db8::7")), List.of());
        Set<Ip> present = Set.of(
                Ip.parse("127.0.0.1"),
                Ip.parse("192.0.2.7"),
                Ip.parse("198.51.100.7"),
                Ip.parse("2001:db8::7"),
                Ip.parse("fe80::7"));
        assertThat(listening(site, present)).isEmpty();
        assertThat(listening(site, present, "primary"))
                .contains(Set.of(Ip.parse("192.0.2.7"), Ip.parse("2001:db8::7")));
        assertThat(listening(site, present, "198.51.100.0/24", "::/0"))
                .contains(Set.of(Ip.parse("198.51.100.7"), Ip.parse("2001:db8::7")));
        assertThat(listening(site, present, "203.0.113.0/24")).contains(Set.of());
    }

    private static Optional<Set<Ip>> listening(Site site, Set<Ip> present, String... named) {
        return NodePortAddresses.listening(new ProxyConfig(List.of(), List.of(), List.of(named)), site, present);
    }

    /** As at a take-over: kube-proxy has them at first. */
    @Test
    void serves_its_own_ports_once_they_are_free(TestNetns testNetns) throws Exception {
        try (Netns netns = Netns.open(testNetns.path());
                HealthPorts ports = new HealthPorts(netns, () -> true)) {
            OwnPorts own = new OwnPorts(
                    ports,
                    () -> HealthPorts.Answer.json(503, "{\"healthz\":1}"),
                    () -> HealthPorts.Answer.json(200, "{\"livez\":1}"),
                    () -> "kubeproxy_figure 1\n");
            try (ServerSocket other = netns.<ServerSocket, IOException>call(
                    () -> new ServerSocket(OwnPorts.METRICS, 1, InetAddress.ofLiteral("127.0.0.1")))) {
                assertThat(own.serve()).isFalse();
                assertThat(own.missing()).containsExactly(other.getLocalPort());
            }
            assertThat(own.serve()).as("given up").isTrue();
            assertThat(own.serve()).isFalse();
            assertThat(own.missing()).isEmpty();
            assertThat(get(testNetns, OwnPorts.HEALTH, "/healthz")).startsWith("HTTP/1.1 503");
            assertThat(get(testNetns, OwnPorts.HEALTH, "/livez")).startsWith("HTTP/1.1 200");
            assertThat(get(testNetns, OwnPorts.METRICS, "/healthz")).endsWith("\r\n\r\nok");
            assertThat(get(testNetns, OwnPorts.METRICS, "/proxyMode")).endsWith("\r\n\r\nnftables");
            assertThat(get(testNetns, OwnPorts.METRICS, "/metrics")).endsWith("\nkubeproxy_figure 1\n");
        }
    }

    private static String get(TestNetns netns, int port, String path) {
        return get(netns, Ip.parse("127.0.0.1"), port, path);
    }

    private static String get(TestNetns netns, Ip address, int port, String path) {
        return Wire.in(netns, () -> {
            try (Socket socket = new Socket(address.toInetAddress(), port)) {
                socket.setSoTimeout(5000);
                socket.getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (ConnectException e) {
                return "";
            }
        });
    }
}
