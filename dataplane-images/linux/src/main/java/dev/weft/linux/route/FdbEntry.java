package dev.weft.linux.route;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import dev.weft.linux.NetlinkWriter;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import java.util.Optional;

/**
 * Behind which node a MAC address is: an entry of a VXLAN link's own forwarding table (AF_BRIDGE with NTF_SELF,
 * linux/neighbour.h).
 *
 * @param link index of the VXLAN link
 * @param mac the MAC address
 * @param remote the node's address, to which frames go; empty for entries that name none
 * @param permanent neither learned nor aged
 */
public record FdbEntry(int link, MacAddress mac, Optional<Ip> remote, boolean permanent) {
    static final int AF_BRIDGE = 7;

    private static final int NTF_SELF = 0x02;
    private static final int NUD_REACHABLE = 0x02;

    /** An entry that stays until it is deleted. */
    public static FdbEntry permanent(int link, MacAddress mac, Ip remote) {
        return new FdbEntry(link, mac, Optional.of(remote), true);
    }

    /** Adds it; EEXIST if the MAC address has an entry. */
    public Change add() {
        return Change.create("add FDB entry " + this, message(RtmType.NEWNEIGH));
    }

    /** Adds it or changes the MAC address's entry. */
    public Change replace() {
        return Change.replace("set FDB entry " + this, message(RtmType.NEWNEIGH));
    }

    /** Deletes it; ENOENT if there is none. */
    public Change delete() {
        return Change.of("delete FDB entry " + this, message(RtmType.DELNEIGH));
    }

    private NetlinkMessage message(int type) {
        NetlinkWriter writer = Neighbour.header(
                        AF_BRIDGE, link, permanent ? Neighbour.PERMANENT : NUD_REACHABLE, NTF_SELF)
                .attr(Neighbour.NDA_LLADDR, mac.bytes());
        remote.ifPresent(ip -> writer.attr(Neighbour.NDA_DST, ip.bytes()));
        return writer.message(type, 0);
    }

    /** Asks for the entries of a link. */
    static NetlinkMessage get(int link) {
        return Neighbour.header(AF_BRIDGE, 0, 0, 0)
                .attrU32(Neighbour.NDA_IFINDEX, link)
                .message(RtmType.GETNEIGH, 0);
    }

    /**
     * Decodes RTM_NEWNEIGH and RTM_DELNEIGH.
     *
     * @return empty for other families than AF_BRIDGE, and for entries of a bridge rather than the link itself
     * @throws NetlinkFormatException if it cannot be read
     */
    public static Optional<FdbEntry> decode(NetlinkMessage message) {
        NetlinkReader reader = NetlinkReader.of(message, Neighbour.HEADER);
        NetlinkReader.Fields header = reader.header();
        if (header.u8(0) != AF_BRIDGE || (header.u8(10) & NTF_SELF) == 0) {
            return Optional.empty();
        }
        Optional<MacAddress> mac = Optional.empty();
        Optional<Ip> remote = Optional.empty();
        while (reader.next()) {
            switch (reader.type()) {
                case Neighbour.NDA_LLADDR -> mac = IpBytes.mac(reader);
                case Neighbour.NDA_DST -> remote = Optional.of(IpBytes.ip(reader));
                default -> {}
            }
        }
        Optional<Ip> to = remote;
        boolean permanent = (header.u16(8) & Neighbour.PERMANENT) != 0;
        return mac.map(address -> new FdbEntry(header.i32(4), address, to, permanent));
    }

    @Override
    public String toString() {
        return mac + " to " + remote.map(Ip::toString).orElse("nowhere") + " on link " + link;
    }
}
