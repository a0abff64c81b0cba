package dev.weft.linux.route;

import dev.weft.linux.NetlinkWriter;

/** {@code struct ifinfomsg} and attribute numbers of linux/if_link.h. */
final class LinkAttribute {
    static final int HEADER = 16;
    static final int IFF_UP = 0x1;
    static final int IFF_LOWER_UP = 0x10000;

    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_LINK = 5;
    static final int IFLA_MASTER = 10;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_AF_SPEC = 26;
    static final int IFLA_GROUP = 27;
    static final int IFLA_NET_NS_FD = 28;
    static final int IFLA_EXT_MASK = 29;
    static final int IFLA_NUM_TX_QUEUES = 31;
    static final int IFLA_NUM_RX_QUEUES = 32;
    static final int IFLA_INFO_KIND = 1;
    static final int IFLA_INFO_DATA = 2;

    /** The kernel refuses longer names (IFNAMSIZ, with the terminating zero). */
    private static final int NAME_BYTES = 15;

    private LinkAttribute() {}

    /** A header for this link, 0 for one that is named or made; {@code flags} are set where {@code mask} has bits. */
    static NetlinkWriter header(int index, int flags, int mask) {
        return writeHeader(new NetlinkWriter(), index, flags, mask);
    }

    static NetlinkWriter writeHeader(NetlinkWriter writer, int index, int flags, int mask) {
        return writer.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(mask);
    }

    static String checkedName(String name) {
        if (name.isEmpty() || name.length() > NAME_BYTES || !name.matches("[!-.0-~&&[^:]]+")) {
            throw new IllegalArgumentException(
                    "'" + name + "' is not a link's name: 1 to 15 characters without / and :");
        }
        return name;
    }
}
