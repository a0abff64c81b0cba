package dev.weft.cni.routes;

import dev.weft.agent.SyncRequest;
import dev.weft.config.NodeConfig;
import dev.weft.linux.Netns;
import dev.weft.net.Ip;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A node of a kernel test: a namespace with an uplink to a bridge in the fabric's namespace, one pod, and what the agent
 * would run there.
 */
final class TestNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final String name;
    private final int number;
    private final TestNetns netns;
    private final TestNetns pod;
    private final Netns open;
    private final Netns openPod;
    private final PodEcho echo;
    private final KernelNetwork kernel;
    private final List<String> repairs = new ArrayList<>();
    private List<NodeInfo> nodes = List.of();
    private Learned learned = Learned.NOTHING;
    private NodeConfig config;
    private RouteSync sync;
    private NodePlan plan = new NodePlan(NodeState.EMPTY, List.of(), 1500, List.of(), List.of());

    private TestNode(int number, TestNetns netns, TestNetns pod, NodeConfig config, SavedSysctls saved)
            throws IOException {
        this.name = "n" + number;
        this.number = number;
        this.netns = netns;
        this.pod = pod;
        this.config = config;
        this.open = Netns.open(netns.path());
        this.openPod = Netns.open(pod.path());
        this.kernel = KernelNetwork.open(open, saved);
        this.sync = newSync();
        addPod();
        this.echo = PodEcho.start(openPod, List.of(Ip.parse(podIp4()), Ip.parse(podIp6())));
    }

    /** The fabric: a bridge that all uplinks are ports of. */
    static void fabric(TestNetns fabric) {
        fabric.ip("link", "add", "br0", "type", "bridge");
        fabric.ip("link", "set", "br0", "up");
    }

    /** Node n has addresses 172.18.0.n and fd00:18::n, pods 10.244.n.0/24 and fd00:244:0:n::/64; its pod is the fifth. */
    static TestNode create(int number, TestNetns fabric, TestNetns netns, TestNetns pod, NodeConfig config, Path state)
            throws IOException {
        netns.ip("link", "add", "eth0", "type", "veth", "peer", "name", "port" + number, "netns", fabric.name());
        fabric.ip("link", "set", "port" + number, "master", "br0", "up");
        netns.ip("addr", "add", "172.18.0." + number + "/24", "dev", "eth0");
        netns.ip("addr", "add", "fd00:18::" + number + "/64", "dev", "eth0", "nodad");
        netns.ip("link", "set", "eth0", "up");
        return new TestNode(number, netns, pod, config, SavedSysctls.open(state.resolve("restore" + number)));
    }

    private void addPod() {
        String link = "weft0123456789a";
        netns.ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", pod.name());
        netns.ip("link", "set", link, "up");
        pod.ip("link", "set", "eth0", "address", "02:00:00:00:00:0" + number, "up");
        netns.ip("link", "set", link, "address", "02:00:00:00:01:0" + number);
        pod.ip("addr", "add", podIp4() + "/32", "dev", "eth0");
        pod.ip("addr", "add", podIp6() + "/128", "dev", "eth0", "nodad");
        pod.ip("neigh", "add", "169.254.1.1", "lladdr", "02:00:00:00:01:0" + number, "dev", "eth0");
        pod.ip("neigh", "add", "fe80::1", "lladdr", "02:00:00:00:01:0" + number, "dev", "eth0");
        pod.ip("route", "add", "default", "via", "169.254.1.1", "dev", "eth0", "onlink");
        pod.ip("-6", "route", "add", "default", "via", "fe80::1", "dev", "eth0");
        netns.ip("neigh", "add", podIp4(), "lladdr", "02:00:00:00:00:0" + number, "dev", link);
        netns.ip("neigh", "add", podIp6(), "lladdr", "02:00:00:00:00:0" + number, "dev", link);
        netns.ip("route", "add", podIp4(), "dev", link, "proto", "87");
        netns.ip("route", "add", podIp6(), "dev", link, "proto", "87");
    }

    /** The pod takes the MTU that the plan says, as the CNI server would have given it. */
    void setPodMtu() {
        netns.ip("link", "set", "weft0123456789a", "mtu", Integer.toString(plan.podMtu()));
        pod.ip("link", "set", "eth0", "mtu", Integer.toString(plan.podMtu()));
    }

    NodeInfo info() {
        return info(number);
    }

    /** What the API says of it; the address can differ from the number's. */
    NodeInfo info(int address) {
        return Cluster.node(
                name,
                "172.18.0." + address,
                "fd00:18::" + address,
                "10.244." + number + ".0/24",
                "fd00:244:0:" + number + "::/64");
    }

    void knows(List<NodeInfo> all) throws IOException {
        nodes = all;
        sync(false);
    }

    void learns(Learned found) throws IOException {
        learned = found;
        sync(false);
    }

    void sync(boolean full) throws IOException {
        sync.sync(new SyncRequest(full, List.of("test")));
    }

    /** A new process with another configuration, or the same. */
    void restart(NodeConfig with) throws IOException {
        config = with;
        sync = newSync();
        sync(true);
    }

    private RouteSync newSync() {
        return new RouteSync(config, name, () -> nodes, () -> learned, kernel, new RouteSync.Listener() {
            @Override
            public void reached(NodePlan reached, Uplink uplink) {
                plan = reached;
            }

            @Override
            public void repaired(List<String> what) {
                repairs.addAll(what);
            }
        });
    }

    RouteSync sync() {
        return sync;
    }

    Netns open() {
        return open;
    }

    KernelNetwork kernel() {
        return kernel;
    }

    NodePlan plan() {
        return plan;
    }

    List<String> repairs() {
        return repairs;
    }

    TestNetns netns() {
        return netns;
    }

    TestNetns pod() {
        return pod;
    }

    String podIp4() {
        return "10.244." + number + ".5";
    }

    String podIp6() {
        return "fd00:244:0:" + number + "::5";
    }

    /** Whether the other's pod answers this one's, with packets as long as the pods' MTU that must not be fragmented. */
    boolean reaches(TestNode other) throws IOException {
        int mtu = Math.min(plan.podMtu(), other.plan().podMtu());
        return reaches4(other, mtu) && reaches6(other, mtu);
    }

    boolean reaches4(TestNode other, int packetBytes) throws IOException {
        return echo.asks(Ip.parse(podIp4()), Ip.parse(other.podIp4()), packetBytes, PATIENCE);
    }

    boolean reaches6(TestNode other, int packetBytes) throws IOException {
        return echo.asks(Ip.parse(podIp6()), Ip.parse(other.podIp6()), packetBytes, PATIENCE);
    }

    /** Whether one packet to an address of either family that shall be lost is answered all the same. */
    boolean passes(String own, String other, int packetBytes) throws IOException {
        return echo.asks(Ip.parse(own), Ip.parse(other), packetBytes, Duration.ofMillis(500));
    }

    Netns openPod() {
        return openPod;
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() {
        try {
            echo.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        kernel.close();
        open.close();
        openPod.close();
    }
}
