package dev.weft.cni.routes;

import dev.weft.linux.Errno;
import dev.weft.linux.Ethtool;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import dev.weft.linux.route.Address;
import dev.weft.linux.route.Change;
import dev.weft.linux.route.Link;
import dev.weft.linux.route.LinkChange;
import dev.weft.linux.route.RouteType;
import dev.weft.linux.route.Rtnetlink;
import dev.weft.linux.route.Scope;
import dev.weft.linux.route.Vxlan;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@link NodeState} in the kernel of one network namespace: reads it and carries out operations. Only what is ours is
 * read, so only what is ours can be removed. Calls come from one thread.
 */
public final class KernelNetwork implements AutoCloseable {
    private static final Ip NO_LOCAL = Ip.parse("0.0.0.0");
    private static final MacAddress NO_MAC = MacAddress.of(new byte[6]);

    private final Rtnetlink rtnetlink;
    private final Sysctls sysctls;
    private final Netns netns;

    private KernelNetwork(Netns netns, Rtnetlink rtnetlink, Sysctls sysctls) {
        this.netns = netns;
        this.rtnetlink = rtnetlink;
        this.sysctls = sysctls;
    }

    public static KernelNetwork open(Netns netns, SavedSysctls saved) {
        return new KernelNetwork(netns, Rtnetlink.openIn(netns), new Sysctls(netns, saved));
    }

    /**
     * Takes everything of Weft's routing from a namespace: the tunnel, and all routes with our protocol number, those to
     * pods included.
     *
     * @return how many objects were removed
     */
    public static int removeAll(Netns netns) {
        try (Rtnetlink rtnetlink = Rtnetlink.openIn(netns)) {
            List<Change> changes = new ArrayList<>();
            for (Family family : Family.values()) {
                rtnetlink
                        .routes(family, Route.PROTOCOL)
                        .forEach(route -> changes.add(route.delete().orAbsent()));
            }
            if (rtnetlink.link(VxlanDevice.NAME).isPresent()) {
                changes.add(LinkChange.delete(VxlanDevice.NAME).orAbsent());
            }
            rtnetlink.apply(changes);
            return changes.size();
        }
    }

    /** The interface that holds the address, if one does. */
    public Optional<Uplink> uplink(Ip internalIp) {
        return UplinkFinder.find(rtnetlink, sysctls, internalIp);
    }

    /**
     * What is there of ours.
     *
     * @param paths sysctls to look at
     */
    public NodeState read(Collection<String> paths) {
        Map<Integer, String> names =
                rtnetlink.links().stream().collect(Collectors.toMap(Link::index, Link::name, (one, other) -> one));
        Set<Route> routes = new HashSet<>();
        for (Family family : Family.values()) {
            for (dev.weft.linux.route.Route found : rtnetlink.routes(family, Route.PROTOCOL)) {
                ours(found, names).ifPresent(routes::add);
            }
        }
        Optional<Link> device = rtnetlink.link(VxlanDevice.NAME);
        return new NodeState(
                device.map(this::vxlan),
                device.map(this::addresses).orElse(Set.of()),
                device.map(this::fdb).orElse(Set.of()),
                device.map(this::neighbours).orElse(Set.of()),
                routes,
                sysctls.read(paths));
    }

    /** Routes of the main table, but not those of pod links, which belong to the CNI server. */
    private static Optional<Route> ours(dev.weft.linux.route.Route found, Map<Integer, String> names) {
        if (found.table() != dev.weft.linux.route.Route.TABLE_MAIN) {
            return Optional.empty();
        }
        if (found.type() == RouteType.UNREACHABLE) {
            return Optional.of(new Route(found.destination(), new Route.Unreachable(), found.metric()));
        }
        String device = names.getOrDefault(found.link(), "?");
        return found.gateway()
                .map(gateway -> new Route(
                        found.destination(),
                        new Route.Via(gateway, device, found.onlink(), found.mtu()),
                        found.metric()));
    }

    private VxlanDevice vxlan(Link link) {
        return link.vxlan()
                .map(vxlan -> new VxlanDevice(
                        vxlan.vni(),
                        vxlan.port(),
                        vxlan.local().orElse(NO_LOCAL),
                        link.mac().orElse(NO_MAC),
                        link.mtu(),
                        link.up(),
                        vxlan.learning(),
                        netns.call(() -> Ethtool.txChecksum(VxlanDevice.NAME))))
                .orElse(new VxlanDevice(0, 0, NO_LOCAL, NO_MAC, link.mtu(), link.up(), false, true));
    }

    private Set<InterfaceAddress> addresses(Link device) {
        return rtnetlink.addresses(device.index()).stream()
                .filter(UplinkFinder::isGlobal)
                .map(address -> new InterfaceAddress(address.ip(), address.prefixLength()))
                .collect(Collectors.toSet());
    }

    private Set<FdbEntry> fdb(Link device) {
        return rtnetlink.fdb(device.index()).stream()
                .filter(dev.weft.linux.route.FdbEntry::permanent)
                .flatMap(entry -> entry.remote().map(ip -> new FdbEntry(entry.mac(), ip)).stream())
                .collect(Collectors.toSet());
    }

    private Set<Neighbour> neighbours(Link device) {
        Set<Neighbour> found = new HashSet<>();
        for (Family family : Family.values()) {
            for (dev.weft.linux.route.Neighbour entry : rtnetlink.neighbours(family, device.index())) {
                if (entry.isPermanent()) {
                    entry.mac().ifPresent(mac -> found.add(new Neighbour(entry.ip(), mac)));
                }
            }
        }
        return found;
    }

    /**
     * Carries out operations in their order. One that fails does not stop those after it.
     *
     * @throws LinuxException for the first that was refused
     * @throws IOException if a sysctl cannot be set
     */
    public void apply(List<NetOp> ops) throws IOException {
        Batch batch = new Batch();
        for (NetOp op : ops) {
            switch (op) {
                case NetOp.PutSysctl put -> {
                    batch.send();
                    sysctls.write(put.path(), put.value());
                }
                case NetOp.CreateVxlan create -> {
                    batch.send();
                    create(create.device());
                }
                case NetOp.ChangeVxlan change -> {
                    batch.add(LinkChange.of(VxlanDevice.NAME)
                            .mtu(change.to().mtu())
                            .up()
                            .change());
                    batch.send();
                    setTxChecksum(change.to().txChecksum());
                }
                case NetOp.DeleteVxlan delete ->
                    batch.add(LinkChange.delete(VxlanDevice.NAME).orAbsent());
                case NetOp.PutRoute put -> {
                    // The kernel checks an IPv6 gateway against the routes it has, and the old one leads elsewhere
                    // (ip6_route_check_nh_onlink): both changes go in one system call.
                    put.previous()
                            .filter(old -> old.destination().family() == Family.IPV6
                                    && !old.device().equals(put.route().device()))
                            .ifPresent(
                                    old -> batch.add(route(old, batch).delete().orAbsent()));
                    batch.add(route(put.route(), batch).replace());
                }
                default -> batch.add(change(op, batch));
            }
        }
        batch.send();
    }

    private void create(VxlanDevice device) {
        Vxlan vxlan = new Vxlan(device.vni(), device.port(), Optional.of(device.local()), 0, device.learning(), true);
        try {
            rtnetlink.apply(vxlan.create(VxlanDevice.NAME, device.mac(), device.mtu()));
            rtnetlink.apply(
                    LinkChange.withoutLinkLocal(VxlanDevice.NAME),
                    LinkChange.of(VxlanDevice.NAME).up().change());
            setTxChecksum(device.txChecksum());
        } catch (LinuxException e) {
            // One that cannot go up is no use, and would hide the reason from the next attempt.
            rtnetlink.apply(LinkChange.delete(VxlanDevice.NAME).orAbsent());
            throw e.errno() == Errno.EEXIST || e.errno() == Errno.EADDRINUSE ? taken(device, e) : e;
        }
    }

    private void setTxChecksum(boolean on) {
        netns.call(() -> {
            if (Ethtool.txChecksum(VxlanDevice.NAME) != on) {
                Ethtool.txChecksum(VxlanDevice.NAME, on);
            }
            return on;
        });
    }

    /** The kernel says only that something is in use; people want to know by what. */
    private NodeNetworkException taken(VxlanDevice device, LinuxException cause) {
        return rtnetlink.links().stream()
                .filter(link -> link.vxlan()
                        .filter(other -> other.port() == device.port())
                        .isPresent())
                .findFirst()
                .map(link -> new NodeNetworkException(
                        "VXLAN device " + link.name() + " uses UDP port " + device.port()
                                + " already: delete it, or set podNetwork.vxlan.port to another number",
                        cause))
                .orElse(new NodeNetworkException(
                        "UDP port " + device.port() + " is in use by another program: end it, or set"
                                + " podNetwork.vxlan.port to another number",
                        cause));
    }

    private Change change(NetOp op, Batch batch) {
        return switch (op) {
            case NetOp.PutAddress put ->
                Address.host(batch.tunnel(), put.address().address()).replace();
            case NetOp.DeleteAddress delete -> {
                InterfaceAddress gone = delete.address();
                yield new Address(batch.tunnel(), gone.address(), gone.prefixLength(), Scope.UNIVERSE, 0)
                        .delete()
                        .orAbsent();
            }
            case NetOp.PutFdb put -> fdb(put.entry(), batch).replace();
            case NetOp.DeleteFdb delete -> fdb(delete.entry(), batch).delete().orAbsent();
            case NetOp.PutNeighbour put -> neighbour(put.neighbour(), batch).replace();
            case NetOp.DeleteNeighbour delete ->
                neighbour(delete.neighbour(), batch).delete().orAbsent();
            case NetOp.DeleteRoute delete ->
                route(delete.route(), batch).delete().orAbsent();
            case NetOp.PutSysctl _, NetOp.CreateVxlan _, NetOp.ChangeVxlan _, NetOp.DeleteVxlan _, NetOp.PutRoute _ ->
                throw new IllegalArgumentException(op + " is more than one change");
        };
    }

    private static dev.weft.linux.route.FdbEntry fdb(FdbEntry entry, Batch batch) {
        return dev.weft.linux.route.FdbEntry.permanent(batch.tunnel(), entry.mac(), entry.node());
    }

    private static dev.weft.linux.route.Neighbour neighbour(Neighbour entry, Batch batch) {
        return dev.weft.linux.route.Neighbour.permanent(batch.tunnel(), entry.address(), entry.mac());
    }

    private static dev.weft.linux.route.Route route(Route route, Batch batch) {
        dev.weft.linux.route.Route made = switch (route.target()) {
            case Route.Via via -> {
                dev.weft.linux.route.Route hop = dev.weft.linux.route.Route.via(
                                route.destination(), via.gateway(), batch.index(via.device()))
                        .mtu(via.mtu());
                yield via.onlink() ? hop.withOnlink() : hop;
            }
            case Route.Unreachable() -> dev.weft.linux.route.Route.unreachable(route.destination());
        };
        return made.protocol(Route.PROTOCOL).metric(route.metric());
    }

    /** Changes that wait to be sent together, and the indexes of links they speak of. */
    private final class Batch {
        private final List<Change> changes = new ArrayList<>();
        private final Map<String, Integer> indexes = new HashMap<>();

        void add(Change change) {
            changes.add(change);
        }

        int tunnel() {
            return index(VxlanDevice.NAME);
        }

        int index(String device) {
            return indexes.computeIfAbsent(
                    device,
                    name -> rtnetlink
                            .link(name)
                            .orElseThrow(() -> new NodeNetworkException("interface " + name + " is gone", null))
                            .index());
        }

        void send() {
            List<Change> now = List.copyOf(changes);
            changes.clear();
            indexes.clear();
            rtnetlink.apply(now);
        }
    }

    @Override
    public void close() {
        rtnetlink.close();
    }
}
