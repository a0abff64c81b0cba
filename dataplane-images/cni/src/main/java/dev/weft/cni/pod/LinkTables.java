package dev.weft.cni.pod;

import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import dev.weft.linux.NetlinkSocket;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Links, addresses, routes and neighbours of one network namespace, as far as pod links are concerned.
 *
 * @param routes of the main table
 * @param neighbours permanent ones
 */
record LinkTables(List<Link> links, List<Address> addresses, List<Route> routes, List<Neighbour> neighbours) {
    private static final int RT_TABLE_MAIN = 254;
    private static final int MAC_BYTES = 6;

    LinkTables {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        neighbours = List.copyOf(neighbours);
    }

    /**
     * @param mac absent where it is not Ethernet
     * @param peer index of a veth's other end in its own namespace, 0 for other kinds
     */
    record Link(int index, String name, Optional<MacAddress> mac, int mtu, boolean up, int peer) {
        static Link of(NetlinkMessage message) {
            NetlinkReader reader = NetlinkReader.of(message, LinkMessages.IFINFOMSG);
            int index = reader.header().i32(4);
            boolean up = (reader.header().i32(8) & LinkMessages.IFF_UP) != 0;
            String name = "";
            Optional<MacAddress> mac = Optional.empty();
            int mtu = 0;
            int peer = 0;
            while (reader.next()) {
                switch (reader.type()) {
                    case LinkMessages.IFLA_IFNAME -> name = reader.string();
                    case LinkMessages.IFLA_ADDRESS -> mac = macAddress(reader);
                    case LinkMessages.IFLA_MTU -> mtu = reader.i32();
                    case LinkMessages.IFLA_LINK -> peer = reader.i32();
                    default -> {}
                }
            }
            return new Link(index, name, mac, mtu, up, peer);
        }
    }

    record Address(int link, Ip ip, int length) {}

    /** A route to a prefix through one link, by a gateway or directly. */
    record Route(Cidr to, int link, Optional<Ip> gateway) {}

    record Neighbour(int link, Ip ip, Optional<MacAddress> mac) {}

    static LinkTables read(NetlinkSocket socket) {
        List<Link> links = new ArrayList<>();
        socket.dump(LinkMessages.getLinks()).forEach(message -> links.add(Link.of(message)));
        List<Address> addresses = new ArrayList<>();
        socket.dump(LinkMessages.getAddresses()).forEach(message -> readAddress(message, addresses));
        List<Route> routes = new ArrayList<>();
        List<Neighbour> neighbours = new ArrayList<>();
        for (Family family : Family.values()) {
            socket.dump(LinkMessages.getRoutes(family)).forEach(message -> readRoute(message, family, routes));
            socket.dump(LinkMessages.getNeighbours(family)).forEach(message -> readNeighbour(message, neighbours));
        }
        return new LinkTables(links, addresses, routes, neighbours);
    }

    Optional<Link> link(String name) {
        return links.stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /** Single addresses that are routed to a link. */
    List<Ip> routedTo(int link) {
        return routes.stream()
                .filter(route -> route.link() == link
                        && route.gateway().isEmpty()
                        && route.to().length() == route.to().family().bits())
                .map(route -> route.to().network())
                .toList();
    }

    private static void readAddress(NetlinkMessage message, List<Address> into) {
        NetlinkReader reader = NetlinkReader.of(message, LinkMessages.IFADDRMSG);
        int length = reader.header().u8(1);
        int link = reader.header().i32(4);
        Optional<Ip> local = Optional.empty();
        while (reader.next()) {
            // IPv6 tells a peerless address in IFA_ADDRESS alone.
            if (reader.type() == LinkMessages.IFA_LOCAL
                    || (reader.type() == LinkMessages.IFA_ADDRESS && local.isEmpty())) {
                local = Optional.of(Ip.of(reader.bytes()));
            }
        }
        local.ifPresent(ip -> into.add(new Address(link, ip, length)));
    }

    private static void readRoute(NetlinkMessage message, Family family, List<Route> into) {
        NetlinkReader reader = NetlinkReader.of(message, LinkMessages.RTMSG);
        int length = reader.header().u8(1);
        if (reader.header().u8(4) != RT_TABLE_MAIN) {
            return;
        }
        Ip to = Ip.of(new byte[family.bits() / 8]);
        int link = 0;
        Optional<Ip> gateway = Optional.empty();
        while (reader.next()) {
            switch (reader.type()) {
                case LinkMessages.RTA_DST -> to = Ip.of(reader.bytes());
                case LinkMessages.RTA_OIF -> link = reader.i32();
                case LinkMessages.RTA_GATEWAY -> gateway = Optional.of(Ip.of(reader.bytes()));
                default -> {}
            }
        }
        into.add(new Route(Cidr.containing(to, length), link, gateway));
    }

    private static void readNeighbour(NetlinkMessage message, List<Neighbour> into) {
        NetlinkReader reader = NetlinkReader.of(message, LinkMessages.NDMSG);
        int link = reader.header().i32(4);
        if ((reader.header().u16(8) & LinkMessages.NUD_PERMANENT) == 0) {
            return;
        }
        Optional<Ip> ip = Optional.empty();
        Optional<MacAddress> mac = Optional.empty();
        while (reader.next()) {
            switch (reader.type()) {
                case LinkMessages.NDA_DST -> ip = Optional.of(Ip.of(reader.bytes()));
                case LinkMessages.NDA_LLADDR -> mac = macAddress(reader);
                default -> {}
            }
        }
        if (ip.isPresent()) {
            into.add(new Neighbour(link, ip.get(), mac));
        }
    }

    private static Optional<MacAddress> macAddress(NetlinkReader reader) {
        return reader.length() == MAC_BYTES ? Optional.of(MacAddress.of(reader.bytes())) : Optional.empty();
    }
}
