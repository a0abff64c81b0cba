package dev.weft.dns.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A parsed query (RFC 1035 section 4.1, RFC 6891). One object is used for query after query: parsing allocates nothing.
 * Not for several threads.
 */
public final class Question {
    /** What becomes of a packet. */
    public enum Verdict {
        /** A question to be answered. */
        OK,
        /** No query at all: an answer to it could start a loop. */
        DROP,
        FORMERR,
        NOTIMP,
        BADVERS
    }

    private static final int HEADER = 12;
    private static final int OPT_BYTES = 11;
    private static final int OUR_UDP_SIZE = 1232;
    private static final int MOST_LABELS = 128;
    private static final byte[] LOWER = new byte[256];
    private static final DnsName IN_ADDR_ARPA;
    private static final DnsName IP6_ARPA;

    static {
        for (int i = 0; i < 256; i++) {
            LOWER[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 32 : i);
        }
        IN_ADDR_ARPA = DnsName.parse("in-addr.arpa");
        IP6_ARPA = DnsName.parse("ip6.arpa");
    }

    private final byte[] name = new byte[DnsName.MOST_BYTES];
    private final int[] labelAt = new int[MOST_LABELS];
    private int nameLength;
    private int labels;
    private int hash;
    private int type;
    private int recordClass;
    private int end;
    private boolean edns;
    private boolean dnssecOk;
    private int udpSize;

    static byte lower(byte b) {
        return LOWER[b & 0xff];
    }

    /**
     * Reads a packet. Whatever the verdict, {@link #questionEnd} says how much of the packet an answer repeats.
     *
     * @param length how much of the array is the packet
     */
    public Verdict parse(byte[] packet, int length) {
        end = HEADER;
        nameLength = 0;
        labels = 0;
        type = 0;
        edns = false;
        dnssecOk = false;
        udpSize = 512;
        if (length < HEADER || packet[2] < 0) { // QR: the top bit
            return Verdict.DROP;
        }
        if ((packet[2] & 0x78) != 0) {
            return Verdict.NOTIMP;
        }
        if (u16(packet, 4) != 1 || u16(packet, 6) > 1 || u16(packet, 8) > 1 || u16(packet, 10) > 4) {
            return Verdict.FORMERR;
        }
        int at = readName(packet, length);
        if (at < 0 || at + 4 > length) {
            return Verdict.FORMERR;
        }
        type = u16(packet, at);
        recordClass = u16(packet, at + 2);
        at += 4;
        end = at;
        int others = u16(packet, 6) + u16(packet, 8);
        int all = others + u16(packet, 10);
        for (int i = 0; i < all; i++) {
            int start = at;
            at = skipName(packet, at, length);
            if (at < 0 || at + 10 > length) {
                return Verdict.FORMERR;
            }
            int dataLength = u16(packet, at + 8);
            if (at + 10 + dataLength > length) {
                return Verdict.FORMERR;
            }
            if (i >= others && u16(packet, at) == RecordType.OPT) {
                if (edns || packet[start] != 0) {
                    return Verdict.FORMERR;
                }
                edns = true;
                udpSize = Math.max(512, u16(packet, at + 2));
                dnssecOk = (packet[at + 6] & 0x80) != 0;
                if (packet[at + 5] != 0) {
                    return Verdict.BADVERS;
                }
                if (!areOptions(packet, at + 10, at + 10 + dataLength)) {
                    return Verdict.FORMERR;
                }
            }
            at += 10 + dataLength;
        }
        return Verdict.OK;
    }

    /** Reads the name, puts it into lower case and hashes it; returns where it ends, or -1. */
    private int readName(byte[] packet, int length) {
        int at = HEADER;
        int out = 0;
        int h = NameHash.start();
        while (true) {
            if (at >= length) {
                return -1;
            }
            int label = packet[at] & 0xff;
            if (label > 63 || at + label >= length || out + label + 1 > DnsName.MOST_BYTES) {
                return -1; // RFC 9267: nothing before the question that a pointer could mean
            }
            name[out] = (byte) label;
            h = NameHash.add(h, (byte) label);
            if (label == 0) {
                nameLength = out + 1;
                hash = NameHash.end(h);
                return at + 1;
            }
            labelAt[labels++] = out;
            for (int i = 1; i <= label; i++) {
                byte b = LOWER[packet[at + i] & 0xff];
                name[out + i] = b;
                h = NameHash.add(h, b);
            }
            at += label + 1;
            out += label + 1;
        }
    }

    /** Skips a name that may end in a pointer; returns where it ends, or -1. */
    static int skipName(byte[] packet, int from, int length) {
        int at = from;
        while (at < length) {
            int label = packet[at] & 0xff;
            if (label == 0) {
                return at + 1;
            }
            if (label >= 0xc0) {
                return at + 2 <= length ? at + 2 : -1;
            }
            if (label > 63) {
                return -1;
            }
            at += label + 1;
        }
        return -1;
    }

    private static boolean areOptions(byte[] packet, int from, int to) {
        int at = from;
        while (at < to) {
            if (at + 4 > to) {
                return false;
            }
            at += 4 + u16(packet, at + 2);
        }
        return at == to;
    }

    static int u16(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }

    /** The name in lower case; only the first {@link #nameLength} bytes, and only until the next packet. */
    public byte[] name() {
        return name;
    }

    public int nameLength() {
        return nameLength;
    }

    public int labels() {
        return labels;
    }

    /** Where the label's length byte is in the name; {@code labels()} gives the root's. */
    public int labelAt(int i) {
        return i == labels ? nameLength - 1 : labelAt[i];
    }

    public int hash() {
        return hash;
    }

    public int type() {
        return type;
    }

    /** 1 is IN. */
    public int recordClass() {
        return recordClass;
    }

    /** Where header and question end in the packet. */
    public int questionEnd() {
        return end;
    }

    public boolean edns() {
        return edns;
    }

    public boolean dnssecOk() {
        return dnssecOk;
    }

    /** What the client takes over UDP, 512 or more. */
    public int udpSize() {
        return udpSize;
    }

    /** Where the name starts in which it is the other or below it, or -1. */
    public int suffixAt(DnsName ancestor) {
        int at = nameLength - ancestor.length();
        if (at < 0 || !ancestor.matches(name, at, nameLength)) {
            return -1;
        }
        for (int i = labels; i >= 0; i--) {
            int label = labelAt(i);
            if (label <= at) {
                return label == at ? at : -1;
            }
        }
        return -1;
    }

    /** Whether it is below in-addr.arpa or ip6.arpa. */
    public boolean isReverse() {
        return suffixAt(IN_ADDR_ARPA) > 0 || suffixAt(IP6_ARPA) > 0;
    }

    /** The name as a value. */
    public DnsName toName() {
        return DnsName.ofWire(name, 0, nameLength);
    }

    /** Adds an OPT record to an answer if the query had one, and counts it; returns where the message ends. */
    public int writeOpt(byte[] out, int at) {
        if (!edns) {
            return at;
        }
        Arrays.fill(out, at, at + OPT_BYTES, (byte) 0);
        out[at + 2] = RecordType.OPT;
        out[at + 3] = OUR_UDP_SIZE >> 8;
        out[at + 4] = (byte) OUR_UDP_SIZE;
        out[at + 7] = (byte) (dnssecOk ? 0x80 : 0); // RFC 3225
        int additional = u16(out, 10) + 1;
        out[10] = (byte) (additional >> 8);
        out[11] = (byte) additional;
        return at + OPT_BYTES;
    }

    /** A query for a name, with EDNS and a buffer of 1232 bytes, recursion desired. */
    public static byte[] query(int id, DnsName name, int type, boolean dnssecOk) {
        ByteBuffer out = ByteBuffer.allocate(HEADER + name.length() + 4 + 11);
        out.putShort((short) id).putShort((short) 0x0100).putShort((short) 1);
        out.putInt(0)
                .putShort((short) 1)
                .put(name.wire())
                .putShort((short) type)
                .putShort((short) 1);
        out.put((byte) 0).putShort((short) RecordType.OPT).putShort((short) 1232);
        out.putInt(dnssecOk ? 0x8000 : 0).putShort((short) 0);
        return out.array();
    }
}
