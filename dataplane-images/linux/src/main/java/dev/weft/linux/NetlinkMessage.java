package dev.weft.linux;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A netlink message without its length, sequence number and port, which {@link NetlinkSocket} fills in
 * ({@code struct nlmsghdr}, linux/netlink.h).
 *
 * @param type message type, 0 to 65535
 * @param flags {@code NLM_F_*}; the socket adds REQUEST, ACK and DUMP where they belong
 * @param payload what follows the header: the family's fixed header and the attributes. Not copied: leave it alone
 */
@SuppressWarnings("ArrayRecordComponent") // equals, hashCode and toString below look at the content
public record NetlinkMessage(int type, int flags, byte[] payload) {
    public static final int NLM_F_REQUEST = 0x1;
    public static final int NLM_F_MULTI = 0x2;
    public static final int NLM_F_ACK = 0x4;
    public static final int NLM_F_ECHO = 0x8;
    public static final int NLM_F_DUMP_INTR = 0x10;

    /** GET: the whole table. */
    public static final int NLM_F_DUMP = 0x300;

    /** NEW: replace what exists. */
    public static final int NLM_F_REPLACE = 0x100;

    /** NEW: fail with EEXIST if it exists. */
    public static final int NLM_F_EXCL = 0x200;

    /** NEW: create what does not exist. */
    public static final int NLM_F_CREATE = 0x400;

    /** NEW: add to the end of a list. */
    public static final int NLM_F_APPEND = 0x800;

    /** Length of {@code struct nlmsghdr}. */
    static final int HEADER = 16;

    public NetlinkMessage {
        if (type < 0 || type > 0xffff || flags < 0 || flags > 0xffff) {
            throw new IllegalArgumentException("netlink type " + type + " or flags " + flags + " exceed 16 bits");
        }
    }

    /** The length on the wire, header included, padding not. */
    public int length() {
        return HEADER + payload.length;
    }

    /** The same message with more flags. */
    public NetlinkMessage with(int moreFlags) {
        return new NetlinkMessage(type, flags | moreFlags, payload);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NetlinkMessage that
                && type == that.type
                && flags == that.flags
                && Arrays.equals(payload, that.payload);
    }

    @Override
    public int hashCode() {
        return (31 * type + flags) * 31 + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return "NetlinkMessage[type=" + type + ", flags=0x" + Integer.toHexString(flags) + ", payload="
                + HexFormat.of().formatHex(payload) + "]";
    }
}
