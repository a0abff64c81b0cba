package dev.weft.cni.routes;

import dev.weft.config.NodeConfig;
import dev.weft.config.Routing;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the kernel of a node must hold, as a pure function of configuration, nodes and uplink. */
public final class NodeNetwork {
    private final NodeConfig config;
    private final NodeInfo self;
    private final Uplink uplink;
    private final Learned learned;
    private final Family underlay;
    private final PodMtu mtu;
    private final PodCidrClaims claims;
    private final Set<FdbEntry> fdb = new LinkedHashSet<>();
    private final Set<Neighbour> neighbours = new LinkedHashSet<>();
    private final Set<Route> routes = new LinkedHashSet<>();
    private final List<Peer> peers = new ArrayList<>();
    private final List<Problem> problems;

    private NodeNetwork(
            NodeConfig config, NodeInfo self, Collection<NodeInfo> others, Uplink uplink, Learned learned, Ip local) {
        this.config = config;
        this.self = self;
        this.uplink = uplink;
        this.learned = learned;
        this.underlay = local.family();
        this.mtu = PodMtu.of(config, uplink, underlay);
        this.claims = PodCidrClaims.settle(config.podCidrs(), self, others);
        this.problems = new ArrayList<>(claims.problems());
        mtu.warnings().forEach(text -> problems.add(new Problem(self.name(), false, text)));
    }

    /**
     * The state a node should have.
     *
     * @param config the node's configuration
     * @param self this node; it must have an InternalIP
     * @param others all other nodes, in any order
     * @param uplink the interface that holds this node's InternalIP
     * @param learned what probes found out
     * @throws IllegalArgumentException if this node has no InternalIP
     */
    public static NodePlan desired(
            NodeConfig config, NodeInfo self, Collection<NodeInfo> others, Uplink uplink, Learned learned) {
        Ip local = self.primaryIp()
                .orElseThrow(() -> new IllegalArgumentException("node " + self.name() + " has no InternalIP"));
        return new NodeNetwork(config, self, others, uplink, learned, local).plan(others, local);
    }

    /** Ethernet address of a node's end of the tunnel: known to all without being told. */
    public static MacAddress vtepMac(String node) {
        return MacAddress.derivedFrom("vtep/" + node);
    }

    private NodePlan plan(Collection<NodeInfo> others, Ip local) {
        for (Cidr own : claims.of(self)) {
            routes.add(new Route(own, new Route.Unreachable(), Route.LAST_RESORT_METRIC));
        }
        others.stream().sorted(Comparator.comparing(NodeInfo::name)).forEach(this::connect);

        Optional<VxlanDevice> device = Optional.empty();
        Set<InterfaceAddress> addresses = new LinkedHashSet<>();
        if (config.routing() == Routing.VXLAN) {
            device = Optional.of(new VxlanDevice(
                    config.vxlan().vni(),
                    config.vxlan().port(),
                    local,
                    vtepMac(self.name()),
                    mtu.most(),
                    true,
                    false,
                    !learned.checksumTrouble()));
            claims.of(self).forEach(own -> addresses.add(InterfaceAddress.host(own.network())));
        }
        problems.sort(Comparator.comparing(Problem::node).thenComparing(Problem::message));
        return new NodePlan(
                new NodeState(device, addresses, fdb, neighbours, routes, sysctls(device.isPresent())),
                claims.of(self),
                mtu.pod(),
                peers,
                problems);
    }

    private void connect(NodeInfo peer) {
        List<Cidr> podCidrs = claims.of(peer);
        if (podCidrs.isEmpty()) {
            return; // the claims say why
        }
        if (peer.internalIps().isEmpty()) {
            block(peer, "node " + peer.name() + " has no InternalIP in its status: its kubelet has not reported yet");
            return;
        }
        if (peer.internalIps().stream().anyMatch(self.internalIps()::contains)) {
            block(peer, "node " + peer.name() + " has the same InternalIP as this node, " + peer.internalIps());
            return;
        }
        for (Cidr podCidr : podCidrs) {
            Optional<Ip> neighbour = peer.internalIp(podCidr.family()).filter(uplink::sharesSubnetWith);
            boolean direct =
                    config.routing() == Routing.DIRECT || config.vxlan().directWithinSubnet();
            if (direct && neighbour.isPresent()) {
                routes.add(route(peer, podCidr, neighbour.get(), uplink.name(), false));
                peers.add(new Peer(peer.name(), podCidr, Path.DIRECT));
            } else if (config.routing() == Routing.VXLAN) {
                encapsulate(peer, podCidr);
            } else {
                block(peer, notOnLink(peer, podCidr));
            }
        }
    }

    private void encapsulate(NodeInfo peer, Cidr podCidr) {
        Optional<Ip> end = peer.internalIp(underlay);
        if (end.isEmpty()
                || peer.primaryIp().filter(ip -> ip.family() == underlay).isEmpty()) {
            block(
                    peer,
                    "the primary InternalIP of node " + peer.name() + " is not " + label(underlay)
                            + " as this node's is: all ends of the VXLAN need one family");
            return;
        }
        Ip vtep = podCidr.network();
        MacAddress mac = vtepMac(peer.name());
        fdb.add(new FdbEntry(mac, end.get()));
        neighbours.add(new Neighbour(vtep, mac));
        routes.add(route(peer, podCidr, vtep, VxlanDevice.NAME, true));
        peers.add(new Peer(peer.name(), podCidr, Path.VXLAN));
    }

    private Route route(NodeInfo peer, Cidr podCidr, Ip gateway, String device, boolean onlink) {
        int pathMtu = Math.min(mtu.pod(), learned.peerMtus().getOrDefault(peer.name(), mtu.pod()));
        return new Route(podCidr, new Route.Via(gateway, device, onlink, pathMtu), Route.METRIC);
    }

    private String notOnLink(NodeInfo peer, Cidr podCidr) {
        return peer.internalIp(podCidr.family())
                .map(ip -> "node " + peer.name() + " (" + ip + ") is not in a subnet of " + uplink.name()
                        + ": Direct routing needs all nodes on one; use routing VXLAN")
                .orElseGet(() -> "node " + peer.name() + " has no " + label(podCidr.family())
                        + " InternalIP: Direct routing cannot reach its pods in that family");
    }

    private Map<String, String> sysctls(boolean tunnel) {
        Map<String, String> values = new LinkedHashMap<>();
        boolean v4 = config.podCidrs().stream().anyMatch(c -> c.family() == Family.IPV4);
        boolean v6 = config.podCidrs().stream().anyMatch(c -> c.family() == Family.IPV6);
        if (v4) {
            values.put("net/ipv4/ip_forward", "1");
            if (uplink.strictReversePath()) {
                // While nodes change over from one routing mode to the other, a peer's packets can come by the other
                // way.
                values.put("net/ipv4/conf/" + uplink.name() + "/rp_filter", "2");
            }
            if (tunnel) {
                values.put("net/ipv4/conf/" + VxlanDevice.NAME + "/rp_filter", "2");
            }
        }
        if (v6) {
            if (uplink.acceptsAdvertisements()) {
                // Before forwarding goes on: with 1 the kernel then throws the default route away.
                values.put("net/ipv6/conf/" + uplink.name() + "/accept_ra", "2");
            }
            values.put("net/ipv6/conf/all/forwarding", "1");
        }
        return values;
    }

    private void block(NodeInfo peer, String message) {
        problems.add(new Problem(peer.name(), true, message));
    }

    private static String label(Family family) {
        return switch (family) {
            case IPV4 -> "IPv4";
            case IPV6 -> "IPv6";
        };
    }
}
