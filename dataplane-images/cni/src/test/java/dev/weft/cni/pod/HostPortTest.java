package dev.weft.cni.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cni.nat.NatPolicy;
import dev.weft.cni.protocol.PortMapping;
import dev.weft.cni.protocol.PortMapping.Protocol;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.testkit.Golden;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Host ports and masquerade in the kernel: a node with two pods and a machine outside of the cluster. */
@ExtendWith(NetworkNamespaces.class)
@SuppressWarnings("try") // servers are there to be asked
class HostPortTest {
    private static final String NODE_4 = "172.18.0.2";
    private static final String NODE_6 = "fd00:172::2";
    private static final String NODE_OTHER_4 = "172.18.0.3";
    private static final String OUTSIDE_4 = "172.18.0.1";
    private static final String OUTSIDE_6 = "fd00:172::1";
    private static final String POD_A_4 = "10.244.1.2";
    private static final String LONG_A_6 = "fd00:244:1:0:0:0:0:2";

    @TempDir
    Path folder;

    private TestNetns node;
    private TestNetns outside;
    private NodeFixture agent;

    @BeforeEach
    void start(TestNetns node, TestNetns outside) {
        this.node = node;
        this.outside = outside;
        node.ip("link", "add", "uplink", "type", "veth", "peer", "name", "net0", "netns", outside.name());
        address(node, "uplink", NODE_4 + "/24", NODE_6 + "/64");
        node.ip("addr", "add", NODE_OTHER_4 + "/24", "dev", "uplink");
        address(outside, "net0", OUTSIDE_4 + "/24", OUTSIDE_6 + "/64");
        // Strict reverse path filtering, which some distributions set, must not matter.
        node.exec("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=1");
        agent = NodeFixture.withNftables(node, folder);
    }

    private static void address(TestNetns netns, String link, String v4, String v6) {
        netns.ip("addr", "add", v4, "dev", link);
        netns.ip("addr", "add", v6, "dev", link, "nodad");
        netns.ip("link", "set", link, "up");
    }

    @AfterEach
    void stop() {
        agent.close();
    }

    private static PortMapping map(Protocol protocol, String hostIp, int hostPort, int containerPort) {
        Optional<Ip> ip = hostIp.isEmpty() ? Optional.empty() : Optional.of(Ip.parse(hostIp));
        return new PortMapping(protocol, ip, hostPort, containerPort);
    }

    @Test
    void aTcpPortIsReachedFromEverywhere(TestNetns a, TestNetns b) throws Exception {
        agent.add("a", a, map(Protocol.TCP, "", 8080, 80));
        agent.add("b", b);
        try (AutoCloseable server = Traffic.serveTcp(a, 80, "a")) {
            assertThat(Traffic.askTcp(outside, NODE_4, 8080)).isEqualTo("a " + OUTSIDE_4);
            assertThat(Traffic.askTcp(outside, NODE_OTHER_4, 8080)).isEqualTo("a " + OUTSIDE_4);
            assertThat(Traffic.askTcp(outside, NODE_6, 8080)).isEqualTo("a fd00:172:0:0:0:0:0:1");
            assertThat(Traffic.askTcp(node, NODE_4, 8080)).startsWith("a 172.18.0.");
            assertThat(Traffic.askTcp(node, NODE_6, 8080)).startsWith("a fd00:");
            assertThat(Traffic.askTcp(node, "127.0.0.1", 8080)).startsWith("a 172.18.0.");
            assertThat(Traffic.askTcp(b, NODE_4, 8080)).isEqualTo("a 10.244.1.3");
            assertThat(Traffic.askTcp(b, NODE_6, 8080)).isEqualTo("a fd00:244:1:0:0:0:0:3");
            // To itself: seen from the node's address, since its own would never come back.
            assertThat(Traffic.askTcp(a, NODE_4, 8080)).startsWith("a 172.18.0.");
            assertThat(Traffic.askTcp(a, NODE_6, 8080)).startsWith("a fd00:172:");
            assertThat(Traffic.askTcp(b, POD_A_4, 80)).isEqualTo("a 10.244.1.3");

            assertThat(Traffic.askTcp(outside, NODE_4, 80)).isEmpty();
            assertThat(Traffic.askTcp(b, "127.0.0.1", 8080)).isEmpty();
        }
    }

    @Test
    void aUdpPortIsReachedFromEverywhere(TestNetns a, TestNetns b) throws Exception {
        agent.add("a", a, map(Protocol.UDP, "", 5353, 53));
        agent.add("b", b);
        try (AutoCloseable server = Traffic.serveUdp(a, 53, "a")) {
            assertThat(Traffic.askUdp(outside, NODE_4, 5353)).isEqualTo("a " + OUTSIDE_4);
            assertThat(Traffic.askUdp(outside, NODE_6, 5353)).startsWith("a fd00:172:");
            assertThat(Traffic.askUdp(node, NODE_4, 5353)).startsWith("a ");
            assertThat(Traffic.askUdp(node, "127.0.0.1", 5353)).startsWith("a ");
            assertThat(Traffic.askUdp(b, NODE_4, 5353)).isEqualTo("a 10.244.1.3");
            assertThat(Traffic.askUdp(a, NODE_4, 5353)).startsWith("a 172.18.0.");
        }
    }

    /** As the upstream test "HostPort validates that there is no conflict…" has it. */
    @Test
    void theSamePortLeadsToDifferentPodsByAddressAndProtocol(TestNetns a, TestNetns b, TestNetns c) throws Exception {
        agent.add("a", a, map(Protocol.TCP, "127.0.0.1", 54323, 8080));
        agent.add("b", b, map(Protocol.TCP, NODE_4, 54323, 8080));
        agent.add("c", c, map(Protocol.UDP, NODE_4, 54323, 8080));
        try (AutoCloseable first = Traffic.serveTcp(a, 8080, "a");
                AutoCloseable second = Traffic.serveTcp(b, 8080, "b");
                AutoCloseable third = Traffic.serveUdp(c, 8080, "c")) {
            assertThat(Traffic.askTcp(node, "127.0.0.1", 54323)).startsWith("a ");
            assertThat(Traffic.askTcpFrom(node, NODE_4, "127.0.0.1", 54323)).isEqualTo("a " + NODE_4);
            assertThat(Traffic.askTcp(node, NODE_4, 54323)).startsWith("b ");
            assertThat(Traffic.askUdp(node, NODE_4, 54323)).startsWith("c ");
            assertThat(Traffic.askTcp(outside, NODE_4, 54323)).startsWith("b ");
            assertThat(Traffic.askUdp(outside, NODE_4, 54323)).startsWith("c ");
            assertThat(Traffic.askTcp(outside, NODE_OTHER_4, 54323)).isEmpty();
        }
    }

    @Test
    void theNodesLoopbackIsReachedByNobodyElse(TestNetns a, TestNetns b) throws Exception {
        agent.add("a", a, map(Protocol.TCP, "127.0.0.1", 8080, 80));
        agent.add("b", b, map(Protocol.TCP, "", 9090, 80));
        for (TestNetns from : List.of(b, outside)) {
            from.ip("addr", "del", "127.0.0.1/8", "dev", "lo");
            from.exec("sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1");
        }
        b.ip("route", "add", "127.0.0.1", "via", "169.254.1.1", "dev", "eth0", "onlink");
        outside.ip("route", "add", "127.0.0.1", "via", NODE_4);
        try (AutoCloseable pod = Traffic.serveTcp(a, 80, "a");
                AutoCloseable local = Traffic.serveTcp(node, 7070, "node")) {
            assertThat(Traffic.askTcp(node, "127.0.0.1", 8080)).startsWith("a ");
            assertThat(Traffic.askTcp(node, "127.0.0.1", 7070)).startsWith("node ");
            for (TestNetns from : List.of(b, outside)) {
                assertThat(Traffic.askTcp(from, "127.0.0.1", 8080)).isEmpty();
                assertThat(Traffic.askTcp(from, "127.0.0.1", 7070)).isEmpty();
            }
        }
    }

    @Test
    void podTrafficIsMasqueradedOnlyWhenItLeaves(TestNetns a, TestNetns b) throws Exception {
        List<Cidr> pods = List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/32"));
        agent.add("a", a);
        agent.add("b", b);
        outside.ip("route", "add", "10.244.1.0/24", "via", NODE_4);
        outside.ip("route", "add", "fd00:244:1::/64", "via", NODE_6);
        try (AutoCloseable server = Traffic.serveTcp(outside, 80, "out");
                AutoCloseable pod = Traffic.serveTcp(b, 80, "b")) {
            assertThat(Traffic.askTcp(a, OUTSIDE_4, 80)).isEqualTo("out " + POD_A_4);

            agent.nat().setPolicy(new NatPolicy(true, pods, List.of()));
            assertThat(Traffic.askTcp(a, OUTSIDE_4, 80)).startsWith("out 172.18.0.");
            assertThat(Traffic.askTcp(a, OUTSIDE_6, 80)).startsWith("out fd00:172:");
            assertThat(Traffic.askTcp(a, "10.244.1.3", 80)).isEqualTo("b " + POD_A_4);
            assertThat(Traffic.askTcp(a, "fd00:244:1::3", 80)).isEqualTo("b " + LONG_A_6);

            List<Cidr> except = List.of(Cidr.parse("172.18.0.0/16"), Cidr.parse(OUTSIDE_6 + "/128"));
            agent.nat().setPolicy(new NatPolicy(true, pods, except));
            assertThat(Traffic.askTcp(a, OUTSIDE_4, 80)).isEqualTo("out " + POD_A_4);
            assertThat(Traffic.askTcp(a, OUTSIDE_6, 80)).isEqualTo("out " + LONG_A_6);
        }
    }

    @Test
    void aClientThatKeepsSendingFindsTheNextPod(TestNetns a, TestNetns b) throws Exception {
        try (DatagramSocket client = Traffic.udpSocket(outside);
                AutoCloseable first = Traffic.serveUdp(a, 53, "a");
                AutoCloseable second = Traffic.serveUdp(b, 53, "b")) {
            assertThat(Traffic.askUdpAgain(client, NODE_4, 5353)).isEmpty();
            agent.add("a", a, map(Protocol.UDP, "", 5353, 53));
            assertThat(Traffic.askUdpAgain(client, NODE_4, 5353)).startsWith("a ");
            agent.del("a");
            assertThat(Traffic.askUdpAgain(client, NODE_4, 5353)).isEmpty();
            agent.add("b", b, map(Protocol.UDP, "", 5353, 53));
            assertThat(Traffic.askUdpAgain(client, NODE_4, 5353)).startsWith("b ");
        }
    }

    @Test
    void theTableReadsWellAndDelLeavesNoneOfThePodInIt(TestNetns a) throws Exception {
        agent.nat()
                .setPolicy(new NatPolicy(
                        true,
                        List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/56")),
                        List.of(Cidr.parse("192.168.0.0/16"), Cidr.parse("192.168.7.0/24"))));
        String before = node.nft("list", "ruleset");
        agent.add("a", a, map(Protocol.TCP, "", 8080, 80), map(Protocol.UDP, NODE_4, 5353, 53));
        Golden.assertMatches("nft/weft-cni.nft", node.nft("list", "ruleset"));

        assertThat(agent.nat().check()).isEmpty();
        assertThat(agent.network().pods()).isEqualTo(1);
        agent.del("a");
        assertThat(node.nft("list", "ruleset")).isEqualTo(before);

        node.nft("flush", "chain", "inet", "weft-cni", "hostports");
        node.nft("add", "element", "inet", "weft-cni", "hostports4", "{ tcp . 99 : 10.9.9.9 . 9 }");
        assertThat(agent.nat().check()).isNotEmpty();
        assertThat(agent.call(() -> agent.network().repair())).isNotEmpty();
        assertThat(node.nft("list", "ruleset")).isEqualTo(before);
        node.nft("delete", "table", "inet", "weft-cni");
        agent.add("a", a, map(Protocol.TCP, "", 8080, 80));
        assertThat(node.nft("list", "ruleset")).contains("tcp . 8080 comment \"shop/a\" : 10.244.1.");
        agent.nat().remove();
        assertThat(node.nft("list", "ruleset")).isEmpty();
    }

    @Test
    void hostPortsSurviveTheAgent(TestNetns a) throws Exception {
        agent.add("a", a, map(Protocol.TCP, "", 8080, 80));
        String before = node.nft("list", "ruleset");
        agent.restart();
        assertThat(node.nft("list", "ruleset")).isEqualTo(before);
        try (AutoCloseable server = Traffic.serveTcp(a, 80, "a")) {
            assertThat(Traffic.askTcp(outside, NODE_4, 8080)).isEqualTo("a " + OUTSIDE_4);
        }
    }
}
