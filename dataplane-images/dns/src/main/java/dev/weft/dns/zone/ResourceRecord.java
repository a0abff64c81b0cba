package dev.weft.dns.zone;

import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.RecordType;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A resource record of class IN.
 *
 * @param ttl seconds
 * @param data RDATA, names in it without compression
 */
@SuppressWarnings("ArrayRecordComponent") // with equals of its own; never changed
record ResourceRecord(DnsName owner, int type, int ttl, byte[] data) {
    /** Where the target is in the data of an SRV record: RFC 2782. */
    static final int SRV_TARGET = 6;

    static ResourceRecord address(DnsName owner, int ttl, Ip ip) {
        return new ResourceRecord(owner, addressType(ip), ttl, ip.bytes());
    }

    static int addressType(Ip ip) {
        return ip.family() == Family.IPV4 ? RecordType.A : RecordType.AAAA;
    }

    static ResourceRecord name(DnsName owner, int type, int ttl, DnsName target) {
        return new ResourceRecord(owner, type, ttl, target.wire());
    }

    static ResourceRecord srv(DnsName owner, int ttl, int weight, int port, DnsName target) {
        ByteBuffer data = ByteBuffer.allocate(SRV_TARGET + target.length());
        data.putShort((short) 0).putShort((short) weight).putShort((short) port).put(target.wire());
        return new ResourceRecord(owner, RecordType.SRV, ttl, data.array());
    }

    /** @param text up to 255 bytes */
    static ResourceRecord txt(DnsName owner, int ttl, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer data = ByteBuffer.allocate(1 + bytes.length);
        data.put((byte) bytes.length).put(bytes);
        return new ResourceRecord(owner, RecordType.TXT, ttl, data.array());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ResourceRecord(DnsName o, int t, int l, byte[] d)
                && owner.equals(o)
                && type == t
                && ttl == l
                && Arrays.equals(data, d);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * owner.hashCode() + type) + Arrays.hashCode(data);
    }
}
