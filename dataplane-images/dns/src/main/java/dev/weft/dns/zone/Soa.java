package dev.weft.dns.zone;

import dev.weft.dns.wire.DnsName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The start of authority of a zone, written into the authority section of negative answers (RFC 2308) with pointers to
 * the zone's name, which is the end of the question's. Numbers are CoreDNS'.
 */
public final class Soa {
    private static final int REFRESH = 7200;
    private static final int RETRY = 1800;
    private static final int EXPIRE = 86400;
    private static final int LONGEST_TTL = 300;

    private final DnsName zone;
    private final byte[] bytes;
    private final int first;
    private final int second;

    /** @param serial seconds since 1970, unsigned */
    public Soa(DnsName zone, int ttl, long serial) {
        this.zone = zone;
        byte[] server = "\2ns\3dns".getBytes(StandardCharsets.US_ASCII);
        byte[] mailbox = "\12hostmaster".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(128);
        out.putShort((short) 0).putShort((short) 6).putShort((short) 1);
        out.putInt(Math.min(ttl, LONGEST_TTL));
        out.putShort((short) (server.length + 2 + mailbox.length + 2 + 20));
        out.put(server);
        first = out.position();
        out.putShort((short) 0);
        out.put(mailbox);
        second = out.position();
        out.putShort((short) 0);
        out.putInt((int) serial);
        out.putInt(REFRESH).putInt(RETRY).putInt(EXPIRE).putInt(ttl);
        bytes = new byte[out.position()];
        out.flip().get(bytes);
    }

    public DnsName zone() {
        return zone;
    }

    public int length() {
        return bytes.length;
    }

    /**
     * Writes the record.
     *
     * @param zoneAt where the zone's name is in the message
     */
    public void write(byte[] out, int at, int zoneAt) {
        System.arraycopy(bytes, 0, out, at, bytes.length);
        pointer(out, at, zoneAt);
        pointer(out, at + first, zoneAt);
        pointer(out, at + second, zoneAt);
    }

    private static void pointer(byte[] out, int at, int target) {
        out[at] = (byte) (0xc0 | (target >> 8));
        out[at + 1] = (byte) target;
    }
}
