package dev.weft.linux.route;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import dev.weft.linux.NetlinkWriter;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.Optional;

/** {@code struct rtmsg} and its attributes, linux/rtnetlink.h. */
final class RouteCodec {
    private static final int HEADER = 12;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_METRICS = 8;
    private static final int RTA_TABLE = 15;
    private static final int RTAX_MTU = 2;
    private static final int RTNH_F_ONLINK = 4;
    private static final int RTM_F_CLONED = 0x200;
    private static final int RT_TABLE_COMPAT = 252;

    private RouteCodec() {}

    static NetlinkMessage encode(Route route) {
        NetlinkWriter writer = common(route, route.scope());
        route.source().ifPresent(ip -> writer.attr(RTA_PREFSRC, ip.bytes()));
        if (route.mtu() != 0) {
            writer.nest(RTA_METRICS).attrU32(RTAX_MTU, route.mtu()).endNest();
        }
        return writer.message(RtmType.NEWROUTE, 0);
    }

    /** Scope NOWHERE matches every scope; what is left out matches everything. */
    static NetlinkMessage encodeDelete(Route route) {
        return common(route, Scope.NOWHERE).message(RtmType.DELROUTE, 0);
    }

    private static NetlinkWriter common(Route route, Scope scope) {
        NetlinkWriter writer = header(
                route.destination().family(),
                route.destination().length(),
                route.table() > 255 ? RT_TABLE_COMPAT : route.table(),
                route.protocol(),
                scope,
                route.type().number(),
                route.onlink() ? RTNH_F_ONLINK : 0);
        writer.attrU32(RTA_TABLE, route.table())
                .attr(RTA_DST, route.destination().network().bytes());
        route.gateway().ifPresent(ip -> writer.attr(RTA_GATEWAY, ip.bytes()));
        if (route.link() != 0) {
            writer.attrU32(RTA_OIF, route.link());
        }
        if (route.metric() != 0) {
            writer.attrU32(RTA_PRIORITY, (int) route.metric());
        }
        return writer;
    }

    private static NetlinkWriter header(
            Family family, int length, int table, int protocol, Scope scope, int type, int flags) {
        return new NetlinkWriter()
                .u8(family.addressFamily())
                .u8(length)
                .u8(0)
                .u8(0)
                .u8(table)
                .u8(protocol)
                .u8(scope.number())
                .u8(type)
                .u32(flags);
    }

    /** Asks for the routes of a family in all tables, of a protocol or, for 0, of all. */
    static NetlinkMessage get(Family family, int protocol) {
        return header(family, 0, 0, protocol, Scope.UNIVERSE, 0, 0).message(RtmType.GETROUTE, 0);
    }

    static Optional<Route> decode(NetlinkMessage message) {
        NetlinkReader reader = NetlinkReader.of(message, HEADER);
        NetlinkReader.Fields header = reader.header();
        Optional<Family> family = IpBytes.family(header.u8(0));
        Optional<RouteType> type = RouteType.of(header.u8(7));
        int flags = header.i32(8);
        if (family.isEmpty() || type.isEmpty() || (flags & RTM_F_CLONED) != 0) {
            return Optional.empty();
        }
        Ip destination = IpBytes.any(family.get());
        Optional<Ip> gateway = Optional.empty();
        Optional<Ip> source = Optional.empty();
        int link = 0;
        int table = header.u8(4);
        int mtu = 0;
        long metric = 0;
        while (reader.next()) {
            switch (reader.type()) {
                case RTA_DST -> destination = IpBytes.ip(reader);
                case RTA_GATEWAY -> gateway = Optional.of(IpBytes.ip(reader));
                case RTA_PREFSRC -> source = Optional.of(IpBytes.ip(reader));
                case RTA_OIF -> link = reader.i32();
                case RTA_TABLE -> table = reader.i32();
                case RTA_PRIORITY -> metric = reader.u32();
                case RTA_METRICS -> mtu = mtu(reader.nested());
                default -> {}
            }
        }
        int length = header.u8(1);
        if (destination.family() != family.get() || length > family.get().bits() || mtu < 0 || table < 0) {
            throw new NetlinkFormatException(
                    "a route to " + destination + "/" + length + ", MTU " + mtu + ", table " + table);
        }
        return Optional.of(new Route(
                Cidr.containing(destination, length),
                type.get(),
                gateway,
                link,
                (flags & RTNH_F_ONLINK) != 0,
                header.u8(5),
                table,
                metric,
                mtu,
                source,
                Scope.of(header.u8(6))));
    }

    private static int mtu(NetlinkReader metrics) {
        int mtu = 0;
        while (metrics.next()) {
            if (metrics.type() == RTAX_MTU) {
                mtu = metrics.i32();
            }
        }
        return mtu;
    }
}
