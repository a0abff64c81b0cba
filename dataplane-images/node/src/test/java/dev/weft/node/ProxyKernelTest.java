package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.config.NodeConfig;
import dev.weft.config.NodeStatus;
import dev.weft.config.Routing;
import dev.weft.linux.Netns;
import dev.weft.net.Cidr;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One agent that is a service proxy; the endpoint of the Service is the API server that tells of it. */
@ExtendWith(NetworkNamespaces.class)
class ProxyKernelTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String API = "172.18.0.254";
    private static final String SERVICE = "10.96.0.10";
    private static final String STEADY = "10.96.0.11";
    private static final int OTHERS = 1000;
    /** More than come while the thread that accepts them has no processor: the kernel drops what does not fit. */
    private static final int BACKLOG = 4096;

    private static final NodeConfig.ServiceProxy ON =
            new NodeConfig.ServiceProxy(true, List.of(), List.of(Cidr.parse("10.96.0.0/16")));

    @TempDir
    Path root;

    private final List<AgentProcess> agents = new ArrayList<>();
    private TestNetns wire;
    private TestNetns node;
    private FakeApi api;

    @BeforeEach
    void cluster(TestNetns outside, TestNetns first) throws Exception {
        wire = outside;
        node = first;
        node.ip("link", "add", "eth0", "type", "veth", "peer", "name", "port1", "netns", wire.name());
        wire.ip("addr", "add", API + "/24", "dev", "port1");
        wire.ip("link", "set", "port1", "up");
        node.ip("addr", "add", "172.18.0.1/24", "dev", "eth0");
        node.ip("link", "set", "eth0", "up");
        node.ip("route", "add", "default", "via", API);
        try (Netns netns = Netns.open(wire.path())) {
            api = netns.<FakeApi, IOException>call(() -> new FakeApi(new InetSocketAddress(API, 6443)));
        }
        api.addService("api", SERVICE, 80, API, 6443);
        put("");
    }

    private void put(String kubeProxy) {
        api.putNode("n1", List.of("172.18.0.1"), List.of("10.244.1.0/24"), kubeProxy);
    }

    @AfterEach
    void stop() throws Exception {
        for (AgentProcess agent : agents) {
            agent.kill();
        }
        api.close();
    }

    private AgentProcess start(NodeConfig.ServiceProxy proxy, String command) throws IOException {
        NodeConfig config = new NodeConfig(
                "0.1.0",
                "r1",
                List.of(URI.create("http://" + API + ":6443")),
                List.of(Cidr.parse("10.244.0.0/16")),
                Routing.VXLAN,
                new NodeConfig.Vxlan(1, 8472, false),
                0,
                new NodeConfig.Masquerade(true, List.of()),
                proxy);
        AgentProcess agent = AgentProcess.start("n1", node, root, config, command);
        agents.add(agent);
        return agent;
    }

    private static void awaitReady(AgentProcess agent) {
        await().atMost(SOON).until(agent::isReady);
    }

    /** Takes connections and ends them until the socket is closed. */
    private static void accept(ServerSocket server) {
        try {
            while (true) {
                server.accept().close();
            }
        } catch (IOException e) {
            assertThat(server.isClosed()).as(e.toString()).isTrue();
        }
    }

    /** Whether the Service answers the node itself. */
    private boolean answers() {
        try (Netns netns = Netns.open(node.path())) {
            return netns.call(() -> {
                try {
                    HttpURLConnection connection =
                            (HttpURLConnection) URI.create("http://" + SERVICE + "/api/v1/namespaces/weft-system")
                                    .toURL()
                                    .openConnection();
                    // Refused at once where nobody serves; longer than a SYN that is lost, and on a busy machine.
                    connection.setConnectTimeout(5000);
                    connection.setReadTimeout(20_000);
                    return connection.getResponseCode() == 200;
                } catch (IOException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void servesThroughRestartsUntilTheRoleIsOff() throws Exception {
        String before = node.nft("list", "ruleset");
        assertThat(answers()).isFalse();
        AgentProcess agent = start(ON, "agent");
        awaitReady(agent);
        assertThat(answers()).isTrue();
        assertThat(agent.status().roles()).contains(new NodeStatus.Role(NodeStatus.Role.SERVICE_PROXY, true, ""));
        assertThat(agent.get("/trace?from=172.18.0.1&to=" + SERVICE + "&port=80")
                        .body())
                .contains("default/api", API);

        agent.kill();
        assertThat(answers()).as("without an agent").isTrue();
        AgentProcess next = start(ON, "agent");
        awaitReady(next);
        assertThat(answers()).isTrue();
        assertThat(next.stop()).isTrue();
        assertThat(answers()).as("a stop leaves the node as it is").isTrue();

        AgentProcess off = start(NodeConfig.ServiceProxy.DISABLED, "agent");
        awaitReady(off);
        await().atMost(SOON).until(() -> !answers());
        assertThat(off.status().roles()).extracting(NodeStatus.Role::name).containsExactly("cni");
        assertThat(off.stop()).isTrue();
        AgentProcess cleanup = start(ON, "cleanup");
        awaitReady(cleanup);
        assertThat(node.nft("list", "ruleset")).isEqualTo(before);
    }

    /** S17. There are so many Services that the watches are still telling of them when the agent begins. */
    @Test
    void noConnectionFailsWhileAgentsComeAndGo() throws Exception {
        for (int i = 0; i < OTHERS; i++) {
            api.addService("other-" + i, "10.96.%d.%d".formatted(1 + i / 250, 1 + i % 250), 80, "10.244.1.7", 80);
        }
        api.addService("steady", STEADY, 80, API, 8080);
        try (Netns netns = Netns.open(wire.path());
                ServerSocket server = netns.<ServerSocket, IOException>call(() -> new ServerSocket(8080, BACKLOG))) {
            Thread.ofPlatform().daemon().start(() -> accept(server));
            awaitReady(start(ON, "agent"));
            String rules = node.nft("list", "ruleset");
            try (SteadyConnections connections = SteadyConnections.start(node, new InetSocketAddress(STEADY, 80))) {
                for (int round = 0; round < Integer.getInteger("rounds", 2); round++) {
                    if (round % 2 == 0) {
                        agents.getLast().kill();
                    } else {
                        assertThat(agents.getLast().stop()).isTrue();
                    }
                    awaitReady(start(ON, "agent"));
                    int before = connections.count();
                    await().atMost(SOON).until(() -> connections.count() > before + 100);
                }
                assertThat(connections.failures())
                        .as("of %d connections", connections.count())
                        .isEmpty();
            }
            assertThat(node.nft("list", "ruleset")).as("nothing was written").isEqualTo(rules);
        }
    }

    @Test
    void cleanupRemovesItsTables() throws Exception {
        String before = node.nft("list", "ruleset");
        AgentProcess agent = start(ON, "agent");
        awaitReady(agent);
        assertThat(agent.stop()).isTrue();
        assertThat(node.nft("list", "ruleset")).isNotEqualTo(before);
        AgentProcess cleanup = start(ON, "cleanup");
        awaitReady(cleanup);
        assertThat(node.nft("list", "ruleset")).isEqualTo(before);
    }

    @Test
    void clearsUpAfterKubeProxyOnceItHasLeft() throws Exception {
        node.nftScript("""
                table ip kube-proxy {
                    chain output {
                        type nat hook output priority -100;
                        ip daddr 10.96.0.10 tcp dport 80 dnat to 172.18.0.254:6443
                    }
                }
                """);
        AgentProcess agent = start(ON, "agent");
        awaitReady(agent);
        assertThat(answers()).as("both have rules").isTrue();
        await().atMost(SOON).until(() -> agent.status().kubeProxy().equals(List.of("nftables")));
        put("leaving");
        assertThat(node.nft("list", "tables")).contains("ip kube-proxy");
        put("gone");
        await().atMost(SOON).until(() -> agent.status().kubeProxy().isEmpty());
        assertThat(node.nft("list", "tables")).doesNotContain("kube-proxy");
        assertThat(answers()).isTrue();
    }
}
