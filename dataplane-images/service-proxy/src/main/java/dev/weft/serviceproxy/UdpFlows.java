package dev.weft.serviceproxy;

import dev.weft.linux.conntrack.Flow;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which UDP flows the kernel must forget. NAT rules are asked for the first packet of a flow only, and a client that
 * keeps sending keeps the flow alive: one that leads nowhere would do so for ever. Pure.
 *
 * @param serving endpoints that serve, by frontend; an empty set where there is none. Frontends that are not in it are
 *     not looked at
 * @param gone frontends that no Service has any more
 * @param unassigned prefixes whose addresses belong to Services: a flow to one that none has is forgotten as well
 * @param nodeAddresses addresses of the node, which node ports are open on
 */
record UdpFlows(Map<Frontend, Set<Backend>> serving, Set<Frontend> gone, List<Cidr> unassigned, Set<Ip> nodeAddresses) {
    static final int UDP = 17;

    UdpFlows {
        serving = Map.copyOf(serving);
        gone = Set.copyOf(gone);
        unassigned = List.copyOf(unassigned);
        nodeAddresses = Set.copyOf(nodeAddresses);
    }

    /**
     * Whether an endpoint may be about to answer. Without its entry the answer would reach the client from an address that it
     * has not asked, and be dropped; so such a flow is given a moment.
     */
    static boolean mayBeAnswered(Flow flow) {
        return flow.isDnatted() && !flow.answered();
    }

    /** The endpoint that a flow was sent to. */
    static Backend reached(Flow flow) {
        return new Backend(flow.reply().source(), flow.reply().sourcePort());
    }

    boolean isStale(Flow flow) {
        if (flow.original().protocol() != UDP) {
            return false;
        }
        Ip destination = flow.original().destination();
        Frontend address = new Frontend(destination, UDP, flow.original().destinationPort());
        Backend reached = reached(flow);
        Optional<Set<Backend>> backends = Optional.ofNullable(serving.get(address));
        if (backends.isPresent()) {
            return !backends.get().contains(reached);
        }
        if (gone.contains(address)) {
            return flow.isDnatted();
        }
        if (nodeAddresses.contains(destination)) {
            Frontend nodePort = Frontend.nodePort(destination.family(), UDP, address.port());
            Set<Backend> behind = serving.get(nodePort);
            return behind != null ? !behind.contains(reached) : gone.contains(nodePort) && flow.isDnatted();
        }
        return flow.isDnatted() && unassigned.stream().anyMatch(cidr -> cidr.contains(destination));
    }
}
