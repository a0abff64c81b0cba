package dev.weft.linux.route;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.Optional;

/**
 * A route with at most one next hop. Made by {@link #direct}, {@link #via} or {@link #unreachable} and refined:
 * {@code Route.via(cidr, vtep, link).withOnlink().protocol(87)}. What the kernel returns for a route that was added is equal to
 * it.
 *
 * @param destination where to
 * @param type what happens to the packet
 * @param gateway the next hop, empty if the destination is on the link itself
 * @param link index of the link to leave by, 0 for none
 * @param onlink the gateway is taken to be on the link although no route says so
 * @param protocol who made it ({@code RTPROT_*}, /etc/iproute2/rt_protos), 0 to 255
 * @param table the routing table; 254 is main
 * @param metric the smaller wins; IPv6 has 1024 in the place of 0
 * @param mtu bytes of the largest packet to the destination, 0 for the link's
 * @param source the source address of packets that have none yet
 * @param scope how far the destination is; UNIVERSE for IPv6, which has none
 */
public record Route(
        Cidr destination,
        RouteType type,
        Optional<Ip> gateway,
        int link,
        boolean onlink,
        int protocol,
        int table,
        long metric,
        int mtu,
        Optional<Ip> source,
        Scope scope) {
    public static final int PROTOCOL_KERNEL = 2;
    public static final int PROTOCOL_BOOT = 3;
    public static final int PROTOCOL_STATIC = 4;
    public static final int TABLE_MAIN = 254;
    public static final int TABLE_LOCAL = 255;

    private static final long IPV6_DEFAULT_METRIC = 1024; // IP6_RT_PRIO_USER, linux/ipv6_route.h

    public Route {
        if (protocol < 0 || protocol > 255 || metric < 0 || metric > 0xffffffffL || mtu < 0 || table < 0) {
            throw new IllegalArgumentException("route to " + destination + ": protocol " + protocol + ", metric "
                    + metric + ", MTU " + mtu + " or table " + table + " is out of range");
        }
        if (destination.family() == Family.IPV6) {
            scope = Scope.UNIVERSE;
            metric = metric == 0 ? IPV6_DEFAULT_METRIC : metric;
        }
    }

    /** A route to what is on the link itself. */
    public static Route direct(Cidr destination, int link) {
        return new Route(
                destination,
                RouteType.UNICAST,
                Optional.empty(),
                link,
                false,
                PROTOCOL_STATIC,
                TABLE_MAIN,
                0,
                0,
                Optional.empty(),
                Scope.LINK);
    }

    /** A route through a gateway of the same family. */
    public static Route via(Cidr destination, Ip gateway, int link) {
        return direct(destination, link).gateway(gateway);
    }

    /** A route that answers with ICMP unreachable. */
    public static Route unreachable(Cidr destination) {
        Route route = direct(destination, 0);
        return new Route(
                destination,
                RouteType.UNREACHABLE,
                Optional.empty(),
                0,
                false,
                route.protocol,
                route.table,
                0,
                0,
                Optional.empty(),
                Scope.UNIVERSE);
    }

    private Route gateway(Ip hop) {
        return new Route(
                destination,
                type,
                Optional.of(hop),
                link,
                onlink,
                protocol,
                table,
                metric,
                mtu,
                source,
                Scope.UNIVERSE);
    }

    /** With a gateway that no other route needs to reach. */
    public Route withOnlink() {
        return new Route(destination, type, gateway, link, true, protocol, table, metric, mtu, source, scope);
    }

    public Route protocol(int owner) {
        return new Route(destination, type, gateway, link, onlink, owner, table, metric, mtu, source, scope);
    }

    public Route table(int number) {
        return new Route(destination, type, gateway, link, onlink, protocol, number, metric, mtu, source, scope);
    }

    public Route metric(long value) {
        return new Route(destination, type, gateway, link, onlink, protocol, table, value, mtu, source, scope);
    }

    /** With a path MTU in bytes, 0 for the link's. */
    public Route mtu(int bytes) {
        return new Route(destination, type, gateway, link, onlink, protocol, table, metric, bytes, source, scope);
    }

    /** With the source address of packets that have none yet. */
    public Route source(Ip address) {
        return new Route(
                destination, type, gateway, link, onlink, protocol, table, metric, mtu, Optional.of(address), scope);
    }

    /** Adds it; EEXIST if the table has a route to the destination with this metric. */
    public Change add() {
        return Change.create("add route " + this, RouteCodec.encode(this));
    }

    /** Adds it in the place of the route to the destination with this metric, in one step. */
    public Change replace() {
        return Change.replace("set route " + this, RouteCodec.encode(this));
    }

    /** Deletes it, whatever its MTU and source address; ESRCH if there is none. */
    public Change delete() {
        return Change.of("delete route " + this, RouteCodec.encodeDelete(this));
    }

    /**
     * Decodes RTM_NEWROUTE and RTM_DELROUTE. Of a multipath route it has no next hop.
     *
     * @return empty for families other than IP, entries of the route cache and unknown types
     * @throws NetlinkFormatException if it cannot be read
     */
    public static Optional<Route> decode(NetlinkMessage message) {
        return RouteCodec.decode(message);
    }

    @Override
    public String toString() {
        return (type == RouteType.UNICAST ? "" : type + " ")
                + destination
                + gateway.map(ip -> " via " + ip).orElse("")
                + (link == 0 ? "" : " on link " + link)
                + (onlink ? " onlink" : "")
                + (metric == 0 ? "" : " metric " + metric)
                + (mtu == 0 ? "" : " mtu " + mtu)
                + (table == TABLE_MAIN ? "" : " table " + table);
    }
}
