package dev.weft.serviceproxy;

import dev.weft.linux.Netns;
import dev.weft.linux.conntrack.Conntrack;
import dev.weft.linux.conntrack.Flow;
import dev.weft.linux.route.Address;
import dev.weft.linux.route.Rtnetlink;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Connection tracking of the node. One thread. */
final class KernelFlows implements FlowTable, AutoCloseable {
    private final Conntrack conntrack;
    private final Rtnetlink routes;

    private KernelFlows(Conntrack conntrack, Rtnetlink routes) {
        this.conntrack = conntrack;
        this.routes = routes;
    }

    static KernelFlows openIn(Netns netns) {
        return new KernelFlows(Conntrack.openIn(netns), Rtnetlink.openIn(netns));
    }

    @Override
    public int forget(Family family, Function<Set<Ip>, UdpFlows> rules) {
        UdpFlows stale = rules.apply(addresses());
        List<Flow> flows = conntrack.flows(family, UdpFlows.UDP, stale::isStale);
        return flows.isEmpty() ? 0 : conntrack.delete(flows);
    }

    /**
     * The addresses of the node.
     *
     * @throws dev.weft.linux.LinuxException if they cannot be listed
     */
    Set<Ip> addresses() {
        return routes.addresses().stream().map(Address::ip).collect(Collectors.toSet());
    }

    @Override
    public void close() {
        conntrack.close();
        routes.close();
    }
}
