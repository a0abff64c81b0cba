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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two agents, each a process in a node's namespace, and an API server on the wire between them. */
@ExtendWith(NetworkNamespaces.class)
class AgentKernelTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String API = "172.18.0.254";

    @TempDir
    Path root;

    private final List<AgentProcess> agents = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private TestNetns fabric;
    private TestNetns n1;
    private TestNetns n2;
    private FakeApi api;

    @BeforeEach
    void cluster(TestNetns wire, TestNetns first, TestNetns second) throws Exception {
        fabric = wire;
        n1 = first;
        n2 = second;
        fabric.ip("link", "add", "br0", "type", "bridge");
        fabric.ip("link", "set", "br0", "up");
        fabric.ip("addr", "add", API + "/24", "dev", "br0");
        connect(n1, 1);
        connect(n2, 2);
        try (Netns netns = Netns.open(fabric.path())) {
            api = netns.<FakeApi, IOException>call(() -> new FakeApi(new InetSocketAddress(API, 6443)));
        }
        open.add(api);
        put(1);
        put(2);
    }

    private void connect(TestNetns node, int number) {
        node.ip("link", "add", "eth0", "type", "veth", "peer", "name", "port" + number, "netns", fabric.name());
        fabric.ip("link", "set", "port" + number, "master", "br0", "up");
        node.ip("addr", "add", "172.18.0." + number + "/24", "dev", "eth0");
        node.ip("addr", "add", "fd00:18::" + number + "/64", "dev", "eth0", "nodad");
        node.ip("link", "set", "eth0", "up");
    }

    private void put(int number) {
        api.putNode(
                "n" + number,
                List.of("172.18.0." + number, "fd00:18::" + number),
                List.of("10.244." + number + ".0/24", "fd00:244:0:" + number + "::/64"));
    }

    private AgentProcess start(int number, TestNetns netns, String command) throws IOException {
        NodeConfig config = new NodeConfig(
                "0.1.0",
                "r1",
                List.of(URI.create("http://" + API + ":6443")),
                List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/56")),
                Routing.VXLAN,
                new NodeConfig.Vxlan(1, 8472, false),
                0,
                new NodeConfig.Masquerade(true, List.of()),
                NodeConfig.ServiceProxy.DISABLED);
        AgentProcess agent = AgentProcess.start("n" + number, netns, root.resolve("n" + number), config, command);
        agents.add(agent);
        return agent;
    }

    @AfterEach
    void stop() throws Exception {
        for (AgentProcess agent : agents) {
            agent.kill();
        }
        for (AutoCloseable part : open) {
            part.close();
        }
    }

    private static void awaitReady(AgentProcess agent) throws IOException {
        try {
            await().atMost(SOON).pollInterval(Duration.ofMillis(200)).until(() -> agent.isReady() || !agent.isAlive());
            assertThat(agent.isAlive()).as(agent.log()).isTrue();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(agent.get("/readyz") + "\n" + agent.log(), e);
        }
    }

    private static void awaitProbes(AgentProcess agent) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(agent.status().probes())
                        .hasSize(2)
                        .allSatisfy(probe ->
                                assertThat(probe.ok()).as(probe.message()).isTrue()));
    }

    private static String add(AgentProcess agent, TestNetns pod, String id) {
        String answer = CniClient.call(agent.paths().socket(), "ADD", id, pod.path());
        assertThat(answer).contains("\"exitCode\":0");
        return answer.replaceAll("(?s).*?(10\\.244\\.\\d+\\.\\d+)/32.*", "$1");
    }

    /** Whether a TCP connection carries data from one pod to the other. */
    private static void assertTalk(TestNetns from, TestNetns to, String address) throws Exception {
        try (Netns server = Netns.open(to.path());
                Netns client = Netns.open(from.path());
                ServerSocket listening = server.<ServerSocket, IOException>call(
                        () -> new ServerSocket(8080, 1, InetAddress.ofLiteral(address)))) {
            byte[] data = new byte[20_000];
            Thread.ofVirtual().start(() -> {
                try (Socket accepted = listening.accept()) {
                    accepted.getOutputStream().write(accepted.getInputStream().readNBytes(data.length));
                } catch (IOException e) {
                    System.err.println("server: " + e.getMessage());
                }
            });
            byte[] back = client.<byte[], IOException>call(() -> {
                try (Socket socket = new Socket()) {
                    socket.setSoTimeout(10_000);
                    socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), 8080), 10_000);
                    socket.getOutputStream().write(data);
                    return socket.getInputStream().readNBytes(data.length);
                }
            });
            assertThat(back).hasSize(data.length);
        }
    }

    @Test
    void podsOfTwoNodesTalkAndWhatOthersBreakComesBack(TestNetns p1, TestNetns p2) throws Exception {
        AgentProcess a = start(1, n1, "agent");
        AgentProcess b = start(2, n2, "agent");
        awaitReady(a);
        awaitReady(b);
        await().atMost(SOON).until(() -> Files.exists(a.paths().conflist()));
        assertThat(a.paths().shim()).hasContent("program");
        await().atMost(SOON).until(() -> Files.exists(a.paths().heartbeat()));

        add(a, p1, "pod1");
        String other = add(b, p2, "pod2");
        assertTalk(p1, p2, other);
        awaitProbes(a);
        awaitProbes(b);
        NodeStatus status = a.status();
        assertThat(status.podMtu()).isEqualTo(1450);
        assertThat(status.uplinkMtu()).isEqualTo(1500);
        assertThat(status.pods()).isEqualTo(1);
        assertThat(status.repairs()).as("own changes are none").isEmpty();
        assertThat(a.get("/metrics").body()).contains("weft_pods 1", "weft_probes_failing 0");

        n1.ip("route", "del", "10.244.2.0/24");
        Files.delete(a.paths().conflist());
        await().atMost(SOON).until(() -> n1.ip("route").contains("10.244.2.0/24 via"));
        await().atMost(SOON).until(() -> Files.exists(a.paths().conflist()));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(a.status().repairs())
                        .anyMatch(repair -> repair.what().startsWith("route 10.244.2.0/24"))
                        .anyMatch(repair -> repair.what().contains("10-weft.conflist was missing")));
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(api.events()).anyMatch(text -> text.contains("Restored: route 10.244")));
    }

    @Test
    void aNewProcessGoesOnWithoutTheApiServer(TestNetns p1, TestNetns p2, TestNetns p3) throws Exception {
        AgentProcess a = start(1, n1, "agent");
        AgentProcess b = start(2, n2, "agent");
        awaitReady(a);
        awaitReady(b);
        add(a, p1, "pod1");
        String other = add(b, p2, "pod2");
        api.close();
        a.kill();
        assertTalk(p1, p2, other);
        AgentProcess again = start(1, n1, "agent");
        awaitReady(again);
        add(again, p3, "pod3");
        assertTalk(p3, p2, other);
        assertThat(again.status().pods()).isEqualTo(2);
        assertThat(again.stop()).isTrue();
        assertThat(n1.ip("route"))
                .as("an unknown reason to stop is no reason to remove")
                .contains("10.244.2.0/24");
        assertThat(again.paths().conflist()).exists();
        assertTalk(p1, p2, other);
    }

    private static String everything(TestNetns netns) {
        return netns.ip("-o", "link").replaceAll("(?m)^\\d+: ", "")
                + netns.ip("route", "show", "table", "all")
                + netns.ip("-6", "route", "show", "table", "main")
                + netns.ip("rule")
                + netns.nft("list", "ruleset")
                + netns.exec("sysctl", "-a", "-r", "^net\\.ipv[46]\\.(conf|ip_forward)");
    }

    @Test
    void cleanupLeavesTheNodeAsItWas(TestNetns p1) throws Exception {
        await().atMost(SOON).until(() -> !n1.ip("addr").contains("tentative"));
        String before = everything(n1);
        AgentProcess agent = start(1, n1, "agent");
        awaitReady(agent);
        add(agent, p1, "pod1");
        assertThat(everything(n1)).isNotEqualTo(before);
        assertThat(agent.stop()).isTrue();
        assertThat(n1.ip("link")).as("a stop leaves the node as it is").contains("weft-vxlan");

        AgentProcess cleanup = start(1, n1, "cleanup");
        awaitReady(cleanup);
        assertThat(everything(n1)).isEqualTo(before);
        assertThat(cleanup.paths().conflist()).doesNotExist();
        assertThat(cleanup.paths().shim()).doesNotExist();
        assertThat(cleanup.paths().state()).doesNotExist();
        assertThat(cleanup.paths().run()).doesNotExist();
        assertThat(cleanup.status().roles()).singleElement().matches(NodeStatus.Role::ready);
        assertThat(cleanup.stop()).isTrue();
    }

    @Test
    void anAgentWhoseNamespaceIsDeletedCleansTheNode() throws Exception {
        AgentProcess agent = start(1, n1, "agent");
        awaitReady(agent);
        await().atMost(SOON).until(() -> Files.exists(agent.paths().conflist()));
        api.deleteNamespace();
        assertThat(agent.stop()).isTrue();
        assertThat(n1.ip("link")).doesNotContain("weft-vxlan", "weft-probe");
        assertThat(agent.paths().conflist()).doesNotExist();
    }

    @Test
    void anAgentThatSawItsNamespaceGoCleansTheNodeThoughItMayNotAskAnyMore() throws Exception {
        AgentProcess agent = start(1, n1, "agent");
        awaitReady(agent);
        api.deleteAccount();
        api.deleteNamespace();
        await().atMost(SOON).until(() -> agent.log().contains("this namespace is being deleted"));
        assertThat(agent.stop()).isTrue();
        assertThat(n1.ip("link")).doesNotContain("weft-vxlan", "weft-probe");
    }

    @Test
    void anAgentThatCleansTheNodeUnlinksWeftsOwnPodsBefore(TestNetns dns, TestNetns other) throws Exception {
        AgentProcess agent = start(1, n1, "agent");
        awaitReady(agent);
        add(agent, other, "other");
        String own = "weft-dns-1";
        assertThat(CniClient.call(agent.paths().socket(), "ADD", own, dns.path(), "kube-system"))
                .contains("\"exitCode\":0");
        api.deleteNamespace();
        agent.terminate();
        await().atMost(SOON).until(() -> agent.log().contains("waiting for Weft's own pods to end"));
        assertThat(agent.paths().conflist()).exists();
        assertThat(agent.isReady()).isTrue();
        assertThat(CniClient.call(agent.paths().socket(), "DEL", own, dns.path(), "kube-system"))
                .contains("\"exitCode\":0");
        assertThat(agent.stop()).isTrue();
        assertThat(agent.log()).doesNotContain("stay behind");
        assertThat(n1.ip("link")).doesNotContain("weft-vxlan", "weft-probe");
    }

    @Test
    void anAgentWhoseClusterNetworkIsGoneCleansTheNode() throws Exception {
        AgentProcess agent = start(1, n1, "agent");
        awaitReady(agent);
        api.deleteClusterNetwork();
        assertThat(agent.stop()).isTrue();
        assertThat(n1.ip("link")).doesNotContain("weft-vxlan", "weft-probe");
    }
}
