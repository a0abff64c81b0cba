package dev.weft.linux.route;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import dev.weft.net.MacAddress;
import java.util.Optional;

/**
 * A network device.
 *
 * @param index its number in the network namespace
 * @param name its name, at most 15 characters
 * @param kind its driver's name, such as {@code veth}, {@code vxlan}, {@code bridge}; empty for hardware and {@code lo}
 * @param mtu bytes of its largest packet
 * @param mac its Ethernet address, empty for devices without
 * @param up administratively up
 * @param lowerUp has a carrier (for veth: both ends are up)
 * @param master index of the bridge or bond that it belongs to, 0 for none
 * @param parent index of the device below it or of a veth's other end, perhaps in another namespace; 0 for none
 * @param vxlan settings of a VXLAN device
 */
public record Link(
        int index,
        String name,
        String kind,
        int mtu,
        Optional<MacAddress> mac,
        boolean up,
        boolean lowerUp,
        int master,
        int parent,
        Optional<Vxlan> vxlan) {
    private static final int RTEXT_FILTER_SKIP_STATS = 8;

    /** Asks for all links. */
    static NetlinkMessage getAll() {
        return LinkAttribute.header(0, 0, 0)
                .attrU32(LinkAttribute.IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
                .message(RtmType.GETLINK, 0);
    }

    static NetlinkMessage get(String name) {
        return LinkAttribute.header(0, 0, 0)
                .attr(LinkAttribute.IFLA_IFNAME, LinkAttribute.checkedName(name))
                .attrU32(LinkAttribute.IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
                .message(RtmType.GETLINK, 0);
    }

    static NetlinkMessage get(int index) {
        return LinkAttribute.header(index, 0, 0)
                .attrU32(LinkAttribute.IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
                .message(RtmType.GETLINK, 0);
    }

    /**
     * Decodes RTM_NEWLINK and RTM_DELLINK.
     *
     * @return empty for what a bridge tells about its ports, which is about a link but does not describe it
     * @throws NetlinkFormatException if it cannot be read
     */
    public static Optional<Link> decode(NetlinkMessage message) {
        NetlinkReader reader = NetlinkReader.of(message, LinkAttribute.HEADER);
        NetlinkReader.Fields header = reader.header();
        if (header.u8(0) == FdbEntry.AF_BRIDGE) {
            return Optional.empty();
        }
        String name = "";
        String kind = "";
        int mtu = 0;
        int master = 0;
        int parent = 0;
        Optional<MacAddress> mac = Optional.empty();
        Optional<Vxlan> vxlan = Optional.empty();
        while (reader.next()) {
            switch (reader.type()) {
                case LinkAttribute.IFLA_IFNAME -> name = reader.string();
                case LinkAttribute.IFLA_MTU -> mtu = reader.i32();
                case LinkAttribute.IFLA_MASTER -> master = reader.i32();
                case LinkAttribute.IFLA_LINK -> parent = reader.i32();
                case LinkAttribute.IFLA_ADDRESS -> mac = IpBytes.mac(reader);
                case LinkAttribute.IFLA_LINKINFO -> {
                    kind = kind(reader.nested());
                    vxlan = kind.equals(Vxlan.KIND) ? vxlan(reader.nested()) : Optional.empty();
                }
                default -> {}
            }
        }
        int flags = header.i32(8);
        return Optional.of(new Link(
                header.i32(4),
                name,
                kind,
                mtu,
                mac,
                (flags & LinkAttribute.IFF_UP) != 0,
                (flags & LinkAttribute.IFF_LOWER_UP) != 0,
                master,
                parent,
                vxlan));
    }

    private static String kind(NetlinkReader info) {
        while (info.next()) {
            if (info.type() == LinkAttribute.IFLA_INFO_KIND) {
                return info.string();
            }
        }
        return "";
    }

    private static Optional<Vxlan> vxlan(NetlinkReader info) {
        while (info.next()) {
            if (info.type() == LinkAttribute.IFLA_INFO_DATA) {
                return Optional.of(Vxlan.decode(info.nested()));
            }
        }
        return Optional.empty();
    }
}
