package dev.weft.cni.probe;

import dev.weft.agent.TimeSource;
import dev.weft.cni.pod.PodLink;
import dev.weft.cni.pod.PodLinks;
import dev.weft.cni.protocol.Bandwidth;
import dev.weft.cni.routes.Learned;
import dev.weft.linux.Netns;
import dev.weft.linux.Sysctl;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The pod that is none: a network namespace with a link like every pod's, under the second address of each podCIDR, from
 * which the node asks others and answers them. The namespace has no name: it goes with the process, and its link with it.
 */
public final class ProbeEndpoint implements AutoCloseable {
    /** The node's end of the link. */
    public static final String LINK = "weft-probe";

    private final Netns netns;
    private final PodLink link;
    private final Prober prober;

    private ProbeEndpoint(Netns netns, PodLink link, Prober prober) {
        this.netns = netns;
        this.link = link;
        this.prober = prober;
    }

    /**
     * Makes the endpoint and starts to probe.
     *
     * @param self name of this node
     * @param podCidrs its podCIDRs
     * @param podNetwork whose questions are answered
     * @param podMtu MTU of pod links in bytes
     * @param links of the node's namespace
     * @param known what an earlier process learned
     * @param learned told what the probes found out, after each round
     * @throws IOException if sockets cannot be opened
     * @throws dev.weft.linux.LinuxException if the kernel refuses the namespace or the link
     */
    public static ProbeEndpoint start(
            String self,
            List<Cidr> podCidrs,
            List<Cidr> podNetwork,
            int podMtu,
            PodLinks links,
            TimeSource time,
            Learned known,
            Consumer<Learned> learned)
            throws IOException {
        List<Ip> addresses =
                podCidrs.stream().map(cidr -> cidr.network().plus(1)).toList();
        PodLink link = new PodLink(
                LINK,
                "eth0",
                MacAddress.derivedFrom("probe-host/" + self),
                MacAddress.derivedFrom("probe/" + self),
                addresses,
                podMtu,
                false,
                Bandwidth.UNLIMITED);
        Netns netns = Netns.create();
        try {
            links.create(link, netns);
            ProbeSockets sockets = netns.<ProbeSockets, IOException>call(() -> ProbeSockets.open(addresses));
            Prober prober = new Prober(
                    self,
                    podNetwork,
                    () -> podMtu,
                    known,
                    sockets,
                    time,
                    RandomGenerator.getDefault(),
                    new InNamespace(netns, learned));
            prober.start();
            return new ProbeEndpoint(netns, link, prober);
        } catch (IOException | RuntimeException e) {
            netns.close(); // the link goes with it
            throw e;
        }
    }

    private record InNamespace(Netns netns, Consumer<Learned> told) implements Prober.Callbacks {
        @Override
        public List<SocketChannel> openTcp(int count) throws IOException {
            return netns.<List<SocketChannel>, IOException>call(() -> {
                List<SocketChannel> channels = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    channels.add(SocketChannel.open());
                }
                return channels;
            });
        }

        @Override
        public void learned(Learned now) {
            told.accept(now);
        }

        /** What is remembered of a path that was narrow once would fail probes for minutes after it was mended. */
        @Override
        public void tooLong() {
            Sysctl.write(netns, Map.of("net/ipv4/route/flush", "1", "net/ipv6/route/flush", "1"));
        }
    }

    public Prober prober() {
        return prober;
    }

    /** The link, to be kept as it should be like any pod's. */
    public PodLink link() {
        return link;
    }

    @Override
    public void close() {
        prober.close();
        netns.close();
    }
}
