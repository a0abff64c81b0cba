package dev.weft.linux.route;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import dev.weft.linux.NetlinkWriter;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import java.util.Optional;

/**
 * Who has an address on a link: an entry of the ARP or neighbour discovery table ({@code struct ndmsg},
 * linux/neighbour.h).
 *
 * @param link the link's index
 * @param ip the neighbour's address
 * @param mac its MAC address, empty while it is looked for
 * @param state {@code NUD_*}
 */
public record Neighbour(int link, Ip ip, Optional<MacAddress> mac, int state) {
    public static final int REACHABLE = 0x02;
    public static final int STALE = 0x04;
    public static final int FAILED = 0x20;

    /** Never asked for and never forgotten. */
    public static final int PERMANENT = 0x80;

    static final int HEADER = 12;
    static final int NDA_DST = 1;
    static final int NDA_LLADDR = 2;
    static final int NDA_IFINDEX = 8;

    /** An entry that stays until it is deleted. */
    public static Neighbour permanent(int link, Ip ip, MacAddress mac) {
        return new Neighbour(link, ip, Optional.of(mac), PERMANENT);
    }

    public boolean isPermanent() {
        return (state & PERMANENT) != 0;
    }

    /** Adds it; EEXIST if the table has an entry for the address. */
    public Change add() {
        return Change.create("add neighbour " + this, message(RtmType.NEWNEIGH));
    }

    /** Adds it or changes the address's entry. */
    public Change replace() {
        return Change.replace("set neighbour " + this, message(RtmType.NEWNEIGH));
    }

    /** Deletes it; ENOENT if there is none. */
    public Change delete() {
        return Change.of("delete neighbour " + this, message(RtmType.DELNEIGH));
    }

    private NetlinkMessage message(int type) {
        NetlinkWriter writer =
                header(ip.family().addressFamily(), link, state, 0).attr(NDA_DST, ip.bytes());
        mac.ifPresent(address -> writer.attr(NDA_LLADDR, address.bytes()));
        return writer.message(type, 0);
    }

    static NetlinkWriter header(int family, int link, int state, int flags) {
        return new NetlinkWriter()
                .u8(family)
                .zeros(3)
                .u32(link)
                .u16(state)
                .u8(flags)
                .u8(0);
    }

    /** Asks for the entries of a family and a link, of all links for 0. */
    static NetlinkMessage get(Family family, int link) {
        NetlinkWriter writer = header(family.addressFamily(), 0, 0, 0);
        if (link != 0) {
            writer.attrU32(NDA_IFINDEX, link);
        }
        return writer.message(RtmType.GETNEIGH, 0);
    }

    /**
     * Decodes RTM_NEWNEIGH and RTM_DELNEIGH.
     *
     * @return empty for families other than IP
     * @throws NetlinkFormatException if it cannot be read
     */
    public static Optional<Neighbour> decode(NetlinkMessage message) {
        NetlinkReader reader = NetlinkReader.of(message, HEADER);
        NetlinkReader.Fields header = reader.header();
        if (IpBytes.family(header.u8(0)).isEmpty()) {
            return Optional.empty();
        }
        Optional<Ip> ip = Optional.empty();
        Optional<MacAddress> mac = Optional.empty();
        while (reader.next()) {
            switch (reader.type()) {
                case NDA_DST -> ip = Optional.of(IpBytes.ip(reader));
                case NDA_LLADDR -> mac = IpBytes.mac(reader);
                default -> {}
            }
        }
        Optional<MacAddress> known = mac;
        return ip.map(address -> new Neighbour(header.i32(4), address, known, header.u16(8)));
    }

    @Override
    public String toString() {
        return ip + " at " + mac.map(MacAddress::toString).orElse("nobody") + " on link " + link;
    }
}
