package dev.weft.networkpolicy;

import dev.weft.linux.Netns;
import dev.weft.linux.conntrack.Conntrack;
import dev.weft.linux.conntrack.Flow;
import dev.weft.linux.route.Address;
import dev.weft.linux.route.Rtnetlink;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The node's running connections: those that a change forbids are cut, the others are not touched. A connection is cut by
 * a bit of its mark, on which the table drops it. To delete its entry would not do: the next packet of either side would
 * make a new one, and one of a reply would make it the other way round. One thread.
 */
final class Flows implements AutoCloseable {
    /** Those that ctnetlink names by ports. What is left are queries of ICMP, whose entries live for seconds. */
    private static final List<Integer> PROTOCOLS = List.of(6, 17, 132);

    private final Conntrack conntrack;
    private final Rtnetlink routes;

    /** Whether a connection passes, by the addresses and the port behind a Service's translation. */
    interface Judge {
        boolean allows(Ip source, Ip destination, int protocol, int port);
    }

    private Flows(Conntrack conntrack, Rtnetlink routes) {
        this.conntrack = conntrack;
        this.routes = routes;
    }

    static Flows openIn(Netns netns) {
        return new Flows(Conntrack.openIn(netns), Rtnetlink.openIn(netns));
    }

    /**
     * Judges connections of some pods again.
     *
     * @return how many were cut
     * @throws dev.weft.linux.LinuxException if they cannot be read or marked
     */
    int judge(Effect effect, Judge judge) {
        Set<Ip> concerned = effect.pods;
        Set<Ip> node = routes.addresses().stream().map(Address::ip).collect(Collectors.toSet());
        int cut = 0;
        for (Family family : Family.values()) {
            if (!effect.allCut && concerned.stream().noneMatch(ip -> ip.family() == family)) {
                continue;
            }
            List<Flow> flows = new ArrayList<>();
            for (int protocol : PROTOCOLS) {
                flows.addAll(conntrack.flows(
                        family, protocol, flow -> concerns(flow, concerned, node) || (effect.allCut && isCut(flow))));
            }
            List<Flow> forbidden = flows.stream()
                    .filter(flow -> !isCut(flow) && !allows(flow, judge))
                    .toList();
            List<Flow> allowed = flows.stream()
                    .filter(flow -> isCut(flow) && allows(flow, judge))
                    .toList();
            cut += conntrack.mark(forbidden, Layout.CUT, Layout.CUT);
            conntrack.mark(allowed, 0, Layout.CUT);
        }
        return cut;
    }

    /** What the node itself began always passes. */
    private static boolean concerns(Flow flow, Set<Ip> pods, Set<Ip> node) {
        return (pods.contains(flow.original().source())
                        || pods.contains(flow.reply().source()))
                && !node.contains(flow.original().source());
    }

    private static boolean isCut(Flow flow) {
        return (flow.mark() & Layout.CUT) != 0;
    }

    private static boolean allows(Flow flow, Judge judge) {
        return judge.allows(
                flow.original().source(),
                flow.reply().source(),
                flow.original().protocol(),
                flow.reply().sourcePort());
    }

    @Override
    public void close() {
        conntrack.close();
        routes.close();
    }
}
