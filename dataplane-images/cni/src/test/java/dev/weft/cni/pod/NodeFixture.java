package dev.weft.cni.pod;

import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.cni.ipam.FileSteps;
import dev.weft.cni.ipam.LeaseStore;
import dev.weft.cni.nat.CniNat;
import dev.weft.cni.nat.UdpFlows;
import dev.weft.cni.protocol.Attachment;
import dev.weft.cni.protocol.Bandwidth;
import dev.weft.cni.protocol.CniException;
import dev.weft.cni.protocol.CniRequest;
import dev.weft.cni.protocol.CniVersion;
import dev.weft.cni.protocol.PodName;
import dev.weft.cni.protocol.PortMapping;
import dev.weft.cni.server.CniHandler;
import dev.weft.cni.server.CniServer;
import dev.weft.linux.Netns;
import dev.weft.net.Cidr;
import dev.weft.nftables.Nftables;
import dev.weft.nftables.NftablesKernel;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The agent's pod network on a node that is a network namespace. */
final class NodeFixture implements AutoCloseable {
    static final Cidr V4 = Cidr.parse("10.244.1.0/24");
    static final Cidr V6 = Cidr.parse("fd00:244:1::/64");

    /** What dies with the agent. */
    private record Agent(PodLinks links, UdpFlows flows, CniNat nat, PodNetwork network) {}

    private final Netns netns;
    private final Path folder;
    private final Nftables nftables;
    private final PodGate gate;
    private Agent agent;

    /** With the kernel's nftables. */
    static NodeFixture withNftables(TestNetns node, Path folder) {
        try (Netns netns = Netns.open(node.path())) {
            return new NodeFixture(node, folder, NftablesKernel.openIn(netns));
        }
    }

    NodeFixture(TestNetns node, Path folder, Nftables nftables) {
        this(node, folder, nftables, PodGate.OPEN);
    }

    NodeFixture(TestNetns node, Path folder, Nftables nftables, PodGate gate) {
        this.gate = gate;
        this.netns = Netns.open(node.path());
        this.folder = folder;
        this.nftables = nftables;
        node.exec("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
        this.agent = start();
    }

    private Agent start() {
        try {
            return netns.call(() -> {
                PodLinks links = PodLinks.open();
                UdpFlows flows = UdpFlows.open();
                CniNat nat = new CniNat(nftables);
                LeaseStore leases =
                        LeaseStore.open(folder, FileSteps.REAL, "boot", Duration.ofSeconds(30), InstantSource.system());
                PodNetwork network = new PodNetwork(leases, links, nat, flows, netns.id(), Log.of("cni"), gate);
                network.start();
                network.configure(new PodSettings(List.of(V4, V6), 1450));
                return new Agent(links, flows, nat, network);
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The agent dies and another one starts. */
    void restart() {
        die();
        agent = start();
    }

    private void die() {
        agent.links().close();
        agent.flows().close();
    }

    PodNetwork network() {
        return agent.network();
    }

    PodLinks links() {
        return agent.links();
    }

    CniNat nat() {
        return agent.nat();
    }

    /** Runs something as the agent would, in the node's namespace. */
    <T, E extends Exception> T call(Netns.Body<T, E> body) throws E {
        return netns.call(body);
    }

    CniServer serve(Path socket, Metrics metrics) {
        return netns.call(() -> CniServer.start(socket, network(), metrics, Log.of("cni")));
    }

    static Attachment attachment(String id) {
        return new Attachment(id, "eth0");
    }

    CniHandler.Outcome add(String id, TestNetns pod, PortMapping... ports) throws CniException {
        return add(id, pod, Bandwidth.UNLIMITED, ports);
    }

    CniHandler.Outcome add(String id, TestNetns pod, Bandwidth bandwidth, PortMapping... ports) throws CniException {
        return handle(
                new CniRequest.Add(
                        CniVersion.V1_1_0,
                        attachment(id),
                        pod.path().toString(),
                        new PodName("shop", id),
                        "uid-" + id,
                        List.of(ports),
                        bandwidth),
                pod);
    }

    CniHandler.Outcome del(String id) throws CniException {
        CniRequest del = new CniRequest.Del(CniVersion.V1_1_0, attachment(id), PodName.UNKNOWN);
        return netns.call(() -> network().handle(del, Optional.empty()));
    }

    CniHandler.Outcome handle(CniRequest request, TestNetns pod) throws CniException {
        try (Netns podNetns = Netns.open(pod.path())) {
            return netns.call(() -> network().handle(request, Optional.of(podNetns)));
        }
    }

    @Override
    public void close() {
        die();
        if (nftables instanceof NftablesKernel kernel) {
            kernel.close();
        }
        netns.close();
    }
}
