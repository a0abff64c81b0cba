package dev.weft.cni.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.agent.TimeSource;
import dev.weft.config.NodeConfig;
import dev.weft.config.Routing;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes on one bridge, each with a pod. */
@ExtendWith(NetworkNamespaces.class)
class NodesKernelTest {
    private static final List<String> DUAL = Cluster.DUAL;

    private final List<TestNode> nodes = new ArrayList<>();

    @TempDir
    Path state;

    private TestNode a;
    private TestNode b;
    private TestNode c;

    @BeforeEach
    void cluster(TestNetns fabric, TestNetns n1, TestNetns n2, TestNetns n3, TestNetns p1, TestNetns p2, TestNetns p3)
            throws IOException {
        TestNode.fabric(fabric);
        a = TestNode.create(1, fabric, n1, p1, Cluster.vxlan(), state);
        b = TestNode.create(2, fabric, n2, p2, Cluster.vxlan(), state);
        c = TestNode.create(3, fabric, n3, p3, Cluster.vxlan(), state);
        nodes.addAll(List.of(a, b, c));
    }

    @AfterEach
    void close() {
        nodes.forEach(TestNode::close);
    }

    private List<NodeInfo> infos() {
        return nodes.stream().map(TestNode::info).toList();
    }

    private void start(NodeConfig config) throws IOException {
        for (TestNode node : nodes) {
            node.knows(infos());
            node.restart(config);
            node.setPodMtu();
        }
    }

    private void assertAllReachAll() throws IOException {
        for (TestNode from : nodes) {
            for (TestNode to : nodes) {
                if (!from.equals(to)) {
                    int mtu = Math.min(from.plan().podMtu(), to.plan().podMtu());
                    assertThat(from.reaches4(to, mtu))
                            .as(from + " to " + to + ", IPv4, " + mtu)
                            .isTrue();
                    assertThat(from.reaches6(to, mtu))
                            .as(from + " to " + to + ", IPv6, " + mtu)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void podsTalkOverVxlan() throws IOException {
        start(Cluster.vxlan());
        assertAllReachAll();
        assertThat(a.plan().podMtu()).isEqualTo(1450);
        assertThat(a.netns().ip("-s", "link", "show", "weft-vxlan")).doesNotContain("state DOWN");
        // The state read back is the state wanted: the next comparison finds nothing.
        NodeState found = a.kernel().read(a.plan().state().sysctls().keySet());
        assertThat(StateDiff.between(found, a.plan().state())).isEmpty();
        assertThat(found).isEqualTo(a.plan().state());
    }

    @Test
    void podsTalkOverAnIpv6Underlay() throws IOException {
        for (TestNode node : nodes) {
            node.netns().ip("addr", "flush", "dev", "eth0", "scope", "global");
            node.netns().ip("addr", "add", node.info().internalIps().get(1) + "/64", "dev", "eth0", "nodad");
        }
        List<NodeInfo> ipv6 = infos().stream()
                .map(n -> new NodeInfo(
                        n.name(), n.created(), List.of(n.internalIps().get(1)), n.podCidrs()))
                .toList();
        for (TestNode node : nodes) {
            node.knows(ipv6);
            node.setPodMtu();
        }
        assertThat(a.plan().podMtu()).isEqualTo(1430);
        assertAllReachAll();
    }

    @Test
    void podsTalkOverDirectRoutes() throws IOException {
        start(Cluster.direct());
        assertThat(a.plan().podMtu()).isEqualTo(1500);
        assertAllReachAll();
        assertThat(a.netns().ip("link")).doesNotContain("weft-vxlan");
    }

    @Test
    void podsTalkWhenOnlyOtherSubnetsAreEncapsulated() throws IOException {
        // Subnets of 16 addresses on one wire: a and b share one, c is in another and has IPv4 only.
        NodeInfo elsewhere = Cluster.node("n3", "172.18.0.33", "10.244.3.0/24", "fd00:244:0:3::/64");
        List<NodeInfo> all = List.of(a.info(), b.info(), elsewhere);
        NodeConfig mixed = Cluster.config(Routing.VXLAN, true, 0, DUAL);
        for (int i = 0; i < 3; i++) {
            TestNetns netns = nodes.get(i).netns();
            netns.ip("-4", "addr", "flush", "dev", "eth0");
            netns.ip("addr", "add", all.get(i).internalIps().getFirst() + "/28", "dev", "eth0");
            netns.ip("route", "add", "172.18.0.0/24", "dev", "eth0");
        }
        for (TestNode node : nodes) {
            node.knows(all);
            node.restart(mixed);
            node.setPodMtu();
        }
        assertThat(a.plan().peers())
                .extracting(Peer::path)
                .contains(dev.weft.cni.routes.Path.VXLAN, dev.weft.cni.routes.Path.DIRECT);
        assertAllReachAll();
    }

    @Test
    void nodesComeGoAndMove() throws IOException {
        a.knows(List.of(a.info(), b.info()));
        b.knows(List.of(a.info(), b.info()));
        c.knows(List.of(c.info()));
        a.setPodMtu();
        b.setPodMtu();
        c.setPodMtu();
        assertThat(a.reaches(b)).isTrue();
        assertThat(a.passes(a.podIp4(), c.podIp4(), 1450)).isFalse();
        for (TestNode node : nodes) {
            node.knows(infos());
        }
        assertAllReachAll();

        b.netns().ip("addr", "del", "172.18.0.2/24", "dev", "eth0");
        b.netns().ip("addr", "add", "172.18.0.22/24", "dev", "eth0");
        List<NodeInfo> moved = List.of(a.info(), b.info(22), c.info());
        for (TestNode node : nodes) {
            node.knows(moved);
        }
        assertAllReachAll();

        a.knows(List.of(a.info(), b.info(22)));
        assertThat(a.netns().ip("route")).doesNotContain("10.244.3.0/24").contains("10.244.2.0/24");
        assertThat(a.netns().ip("neigh", "show", "dev", "weft-vxlan")).doesNotContain("10.244.3.0");
        assertThat(a.repairs()).as("wanted changes are no repairs").isEmpty();
    }

    @Test
    void aRestartChangesNothing() throws Exception {
        start(Cluster.vxlan());
        a.sync(true);
        Process monitor = new ProcessBuilder(
                        "ip", "-n", a.netns().name(), "monitor", "link", "address", "route", "neigh")
                .redirectErrorStream(true)
                .start();
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> monitor.inputReader().lines().forEach(lines::add));
        try {
            // Until the monitor listens, it hears nothing: a change of the test's own shows that it does.
            String seen = null;
            while (seen == null) {
                a.netns().ip("link", "set", "lo", "alias", "x" + System.nanoTime());
                seen = lines.poll(100, TimeUnit.MILLISECONDS);
            }
            lines.clear();
            a.restart(Cluster.vxlan());
            a.netns().ip("link", "set", "lo", "alias", "end");
            List<String> heard = new ArrayList<>();
            String line = lines.poll(10, TimeUnit.SECONDS);
            while (line != null) {
                heard.add(line);
                line = lines.poll(200, TimeUnit.MILLISECONDS);
            }
            // The kernel's own business, such as link-local addresses that become valid, goes on.
            assertThat(heard).isNotEmpty().noneMatch(text -> text.matches(".*(weft-vxlan|10\\.244|fd00:244).*"));
        } finally {
            monitor.destroy();
        }
    }

    @Test
    void whatOthersTakeAwayComesBackAndIsNamed() throws IOException {
        start(Cluster.vxlan());
        a.netns().ip("route", "del", "10.244.2.0/24", "metric", "87");
        a.netns()
                .exec(
                        "bridge",
                        "fdb",
                        "del",
                        NodeNetwork.vtepMac("n2").toString(),
                        "dev",
                        "weft-vxlan",
                        "dst",
                        "172.18.0.2");
        a.netns().ip("link", "set", "weft-vxlan", "mtu", "1300");
        a.netns().ip("route", "add", "10.244.99.0/24", "via", "172.18.0.2", "proto", "87");
        a.netns().exec("sysctl", "-qw", "net.ipv4.ip_forward=0");
        assertThat(a.passes(a.podIp4(), b.podIp4(), 1450)).isFalse();
        a.sync(true);
        assertThat(a.reaches(b)).isTrue();
        assertThat(a.repairs())
                .anyMatch(text -> text.startsWith("route 10.244.2.0/24") && text.endsWith("was missing"))
                .anyMatch(text -> text.startsWith("fdb") && text.endsWith("was missing"))
                .anyMatch(text -> text.startsWith("device weft-vxlan") && text.contains("mtu 1300"))
                .anyMatch(text -> text.startsWith("route 10.244.99.0/24") && text.endsWith("should not be there"))
                .contains("sysctl net/ipv4/ip_forward was 0 instead of 1");
        a.sync(true);
        assertThat(a.repairs()).hasSizeLessThan(8);

        a.netns().ip("link", "del", "weft-vxlan");
        a.sync(true);
        assertThat(a.reaches(b)).isTrue();
        assertThat(a.netns().ip("route")).as("pods' own routes stay").contains(a.podIp4());
    }

    @Test
    void changesByOthersAreHeardAndOwnOnesConfirmWhatIsKnown() throws Exception {
        start(Cluster.vxlan());
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        Relevance relevance = new Relevance(a.sync()::applied, () -> Optional.of("eth0"));
        try (KernelWatch watch = KernelWatch.start(a.open(), relevance, heard::add, TimeSource.system())) {
            // A pod comes and goes: nothing of ours.
            a.netns().ip("link", "add", "weftaaaaaaaaaaa", "type", "veth", "peer", "name", "x");
            a.netns().ip("link", "set", "weftaaaaaaaaaaa", "up");
            a.netns().ip("route", "add", "10.244.1.77", "dev", "weftaaaaaaaaaaa", "proto", "87");
            a.netns().ip("link", "del", "weftaaaaaaaaaaa");
            a.netns().ip("route", "del", "10.244.2.0/24", "metric", "87");
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("kernel");
            assertThat(heard).as("the route alone").isEmpty();
            a.sync(true);
            a.netns().ip("neigh", "del", "10.244.2.0", "dev", "weft-vxlan");
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("kernel");
            assertThat(watch.heartbeat().check().ok()).isTrue();
        }
    }

    @Test
    void anUplinkWithASmallerMtuIsFollowed() throws IOException {
        start(Cluster.vxlan());
        for (TestNode node : nodes) {
            node.netns().ip("link", "set", "eth0", "mtu", "1400");
            node.sync(true);
        }
        assertThat(a.plan().podMtu()).isEqualTo(1350);
        // Pods keep the MTU they were born with; the node tells them that the path is narrower.
        assertThat(a.passes(a.podIp4(), b.podIp4(), 1450)).isFalse();
        assertThat(a.reaches4(b, 1350)).isTrue();
        assertThat(a.pod().ip("route", "get", b.podIp4())).contains("mtu 1350");
        assertThat(a.passes(a.podIp6(), b.podIp6(), 1450)).isFalse();
        assertThat(a.pod().ip("-6", "route", "get", b.podIp6())).contains("mtu 1350");
        assertThat(a.repairs()).isEmpty();
    }

    @Test
    void aPeersSmallerMtuReachesTheSender() throws IOException {
        start(Cluster.vxlan());
        a.learns(new Learned(Map.of("n2", 1300), false));
        assertThat(a.passes(a.podIp4(), b.podIp4(), 1450)).isFalse();
        assertThat(a.pod().ip("route", "get", b.podIp4())).contains("mtu 1300");
        assertThat(a.reaches(c)).isTrue();
    }

    @Test
    void modesAndParametersCanChange() throws IOException {
        start(Cluster.vxlan());
        start(Cluster.direct());
        assertAllReachAll();
        assertThat(a.netns().ip("link")).doesNotContain("weft-vxlan");
        start(new NodeConfig(
                "0.1.0",
                "r2",
                Cluster.vxlan().apiServers(),
                Cluster.vxlan().podCidrs(),
                Routing.VXLAN,
                new NodeConfig.Vxlan(77, 4789, false),
                1400,
                Cluster.vxlan().masquerade(),
                NodeConfig.ServiceProxy.DISABLED));
        assertAllReachAll();
        assertThat(a.netns().ip("-d", "link", "show", "weft-vxlan"))
                .contains("vxlan id 77", "dstport 4789", "nolearning");
        start(Cluster.vxlan());
        assertAllReachAll();
    }

    @Test
    void unusedPodAddressesDoNotLoop() throws IOException {
        start(Cluster.vxlan());
        assertThatThrownBy(() -> b.openPod().<Boolean, IOException>call(() -> {
                    try (SocketChannel channel = SocketChannel.open()) {
                        channel.socket().connect(new InetSocketAddress("10.244.1.200", 80), 5000);
                        return true;
                    }
                }))
                .hasMessageContaining("No route to host");
    }

    @Test
    void aForeignTunnelWithTheSameNumberIsNamed() throws IOException {
        a.netns().ip("link", "add", "flannel.1", "type", "vxlan", "id", "1", "dstport", "8472");
        a.netns().ip("link", "set", "flannel.1", "up");
        assertThatThrownBy(() -> a.knows(infos()))
                .isInstanceOf(NodeNetworkException.class)
                .hasMessage("VXLAN device flannel.1 uses UDP port 8472 already: delete it, or set podNetwork.vxlan.port"
                        + " to another number");
    }
}
