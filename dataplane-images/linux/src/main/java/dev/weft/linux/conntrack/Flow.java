package dev.weft.linux.conntrack;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkMessage;
import dev.weft.linux.NetlinkReader;
import dev.weft.linux.NetlinkWriter;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A connection that the kernel tracks.
 *
 * @param original as the first packet came
 * @param reply as answers come: its source is where the connection was sent to
 * @param zone of the entry, 0 for most
 * @param id told by the kernel, so that a deletion hits this entry and not a later one of the same addresses; 0 if it
 *     tells none
 * @param mark {@code ct mark}
 * @param answered whether a packet came back yet
 */
public record Flow(Tuple original, Tuple reply, int zone, int id, int mark, boolean answered) {
    private static final int NFGENMSG = 4;
    private static final int CTA_TUPLE_ORIG = 1;
    private static final int CTA_TUPLE_REPLY = 2;
    private static final int CTA_STATUS = 3;
    private static final int CTA_MARK = 8;
    private static final int CTA_ID = 12;
    private static final int CTA_ZONE = 18;
    private static final int CTA_MARK_MASK = 21;
    private static final int CTA_FILTER = 25;
    private static final int CTA_FILTER_ORIG_FLAGS = 1;
    /** linux/netfilter/nf_conntrack_common.h: IPS_SEEN_REPLY. */
    private static final int SEEN_REPLY = 1 << 1;

    /** net/netfilter/nf_internals.h: CTA_FILTER_F_CTA_PROTO_NUM. */
    private static final int BY_PROTOCOL = 1 << 3;

    private static final int CTA_TUPLE_IP = 1;
    private static final int CTA_TUPLE_PROTO = 2;
    private static final int CTA_PROTO_NUM = 1;
    private static final int CTA_PROTO_SRC_PORT = 2;
    private static final int CTA_PROTO_DST_PORT = 3;
    private static final int NESTED = 0x8000;

    /** {@code NFNL_SUBSYS_CTNETLINK}, {@code IPCTNL_MSG_CT_NEW}, {@code _GET} and {@code _DELETE}. */
    static final int NEW = 1 << 8;

    static final int GET = 1 << 8 | 1;

    static final int DELETE = 1 << 8 | 2;

    /**
     * One direction.
     *
     * @param protocol IP protocol number
     * @param sourcePort 0 for protocols without ports
     * @param destinationPort likewise
     */
    public record Tuple(Ip source, Ip destination, int protocol, int sourcePort, int destinationPort) {}

    /** One without a mark that waits for its first answer. */
    public Flow(Tuple original, Tuple reply, int zone, int id) {
        this(original, reply, zone, id, 0, false);
    }

    /** Whether the destination was rewritten. */
    public boolean isDnatted() {
        return !original.destination.equals(reply.source) || original.destinationPort != reply.sourcePort;
    }

    /**
     * Reads an entry of a dump; empty for one without both directions.
     *
     * @throws NetlinkFormatException if the lengths do not add up
     */
    static Optional<Flow> decode(NetlinkMessage message) {
        NetlinkReader reader = NetlinkReader.of(message, NFGENMSG);
        Optional<Tuple> original = Optional.empty();
        Optional<Tuple> reply = Optional.empty();
        int zone = 0;
        int id = 0;
        int mark = 0;
        int status = 0;
        while (reader.next()) {
            switch (reader.type()) {
                case CTA_TUPLE_ORIG -> original = tuple(reader.nested());
                case CTA_TUPLE_REPLY -> reply = tuple(reader.nested());
                case CTA_STATUS -> status = reader.be32();
                case CTA_ZONE -> zone = reader.be16();
                case CTA_ID -> id = reader.be32();
                case CTA_MARK -> mark = reader.be32();
                default -> {}
            }
        }
        if (original.isEmpty() || reply.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Flow(original.get(), reply.get(), zone, id, mark, (status & SEEN_REPLY) != 0));
    }

    private static Optional<Tuple> tuple(NetlinkReader reader) {
        Optional<Ip> source = Optional.empty();
        Optional<Ip> destination = Optional.empty();
        int[] numbers = new int[3];
        while (reader.next()) {
            NetlinkReader inner = reader.nested();
            switch (reader.type()) {
                case CTA_TUPLE_IP -> {
                    while (inner.next()) {
                        // CTA_IP_V4_SRC, V4_DST, V6_SRC, V6_DST
                        switch (inner.type()) {
                            case 1, 3 -> source = Optional.of(ip(inner.bytes()));
                            case 2, 4 -> destination = Optional.of(ip(inner.bytes()));
                            default -> {}
                        }
                    }
                }
                case CTA_TUPLE_PROTO -> protocol(inner, numbers);
                default -> {}
            }
        }
        if (source.isEmpty() || destination.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Tuple(source.get(), destination.get(), numbers[0], numbers[1], numbers[2]));
    }

    private static void protocol(NetlinkReader reader, int[] numbers) {
        while (reader.next()) {
            switch (reader.type()) {
                case CTA_PROTO_NUM -> numbers[0] = reader.u8();
                case CTA_PROTO_SRC_PORT -> numbers[1] = reader.be16();
                case CTA_PROTO_DST_PORT -> numbers[2] = reader.be16();
                default -> {}
            }
        }
    }

    private static Ip ip(byte[] bytes) {
        if (bytes.length != 4 && bytes.length != 16) {
            throw new NetlinkFormatException("an address of " + bytes.length + " bytes");
        }
        return Ip.of(bytes);
    }

    /** Asks for the entries of a family and protocol, so that of a large table only they are sent. */
    static NetlinkMessage get(Family family, int protocol) {
        return new NetlinkWriter(64)
                .u8(family.addressFamily())
                .zeros(NFGENMSG - 1)
                .nest(CTA_TUPLE_ORIG)
                .nest(CTA_TUPLE_PROTO)
                .attrU8(CTA_PROTO_NUM, protocol)
                .endNest()
                .endNest()
                .nest(CTA_FILTER)
                .attrU32(CTA_FILTER_ORIG_FLAGS, BY_PROTOCOL)
                .endNest()
                .message(GET, 0);
    }

    NetlinkMessage delete() {
        NetlinkWriter out = entry();
        if (id != 0) {
            out.attr(CTA_ID, ByteBuffer.allocate(4).putInt(id).array());
        }
        return out.message(DELETE, 0);
    }

    /** Sets some bits of the mark; without NLM_F_CREATE an entry that has ended is none to be made. */
    NetlinkMessage setMark(int bits, int mask) {
        return entry().attrBe32(CTA_MARK, bits).attrBe32(CTA_MARK_MASK, mask).message(NEW, 0);
    }

    /** What names the entry. */
    private NetlinkWriter entry() {
        NetlinkWriter out = new NetlinkWriter(128)
                .u8(original.source.family().addressFamily())
                .zeros(NFGENMSG - 1)
                .nest(CTA_TUPLE_ORIG | NESTED);
        boolean v4 = original.source.bytes().length == 4;
        out.nest(CTA_TUPLE_IP | NESTED)
                .attr(v4 ? 1 : 3, original.source.bytes())
                .attr(v4 ? 2 : 4, original.destination.bytes())
                .endNest();
        out.nest(CTA_TUPLE_PROTO | NESTED)
                .attrU8(CTA_PROTO_NUM, original.protocol)
                .attrBe16(CTA_PROTO_SRC_PORT, original.sourcePort)
                .attrBe16(CTA_PROTO_DST_PORT, original.destinationPort)
                .endNest();
        out.endNest();
        if (zone != 0) {
            out.attrBe16(CTA_ZONE, zone);
        }
        return out;
    }
}
