package dev.weft.dns.wire;

import java.io.ByteArrayOutputStream;

/** Reads names that end in pointers (RFC 1035 section 4.1.4), and data with such names. */
final class Decompressor {
    private final byte[] message;

    Decompressor(byte[] message) {
        this.message = message;
    }

    /** The name at an offset. Pointers only lead back, so this ends. */
    DnsName name(int from) throws MessageFormatException {
        byte[] wire = new byte[DnsName.MOST_BYTES];
        int length = 0;
        int at = from;
        int before = from;
        while (true) {
            if (at >= message.length) {
                throw new MessageFormatException("a name beyond the end");
            }
            int label = message[at] & 0xff;
            if (label >= 0xc0 && at + 1 < message.length) {
                int target = ((label & 0x3f) << 8) | (message[at + 1] & 0xff);
                if (target >= before) {
                    throw new MessageFormatException("a pointer that leads forward");
                }
                before = target;
                at = target;
                continue;
            }
            if (label > 63 || at + label >= message.length || length + label + 1 > DnsName.MOST_BYTES) {
                throw new MessageFormatException("a name that cannot be read");
            }
            System.arraycopy(message, at, wire, length, label + 1);
            length += label + 1;
            if (label == 0) {
                return DnsName.ofWire(wire, 0, length);
            }
            at += label + 1;
        }
    }

    /** RDATA of the types of RFC 1035, which alone may have compressed names in them (RFC 3597 section 4). */
    byte[] data(int type, int at, int length) throws MessageFormatException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 64);
        int fixed = switch (type) {
            case RecordType.CNAME, RecordType.NS, RecordType.PTR -> 0;
            case RecordType.MX -> 2;
            case RecordType.SRV -> 6;
            default -> -1;
        };
        if (fixed < 0 || fixed > length) {
            out.write(message, at, length);
        } else {
            out.write(message, at, fixed);
            out.writeBytes(name(at + fixed).wire());
        }
        return out.toByteArray();
    }
}
