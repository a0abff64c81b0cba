package dev.weft.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout.OfShort;
import java.nio.ByteOrder;

/** {@code struct sockaddr_in} and {@code sockaddr_in6} (linux/in.h, linux/in6.h), without IPv6 scopes. */
final class InetSocket {
    static final int MOST_BYTES = 28;

    private static final int IPV4_BYTES = 16;
    private static final int IPV4_AT = 4;
    private static final int IPV6_AT = 8;
    private static final int PORT_AT = 2;
    private static final OfShort BE_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private InetSocket() {}

    /** Writes an address and returns its length. */
    static int write(MemorySegment target, Ip ip, int port) {
        boolean ipv4 = ip.family() == Family.IPV4;
        byte[] bytes = ip.bytes();
        target.fill((byte) 0);
        target.set(JAVA_SHORT, 0, (short) ip.family().addressFamily());
        target.set(BE_SHORT, PORT_AT, (short) port);
        MemorySegment.copy(bytes, 0, target, JAVA_BYTE, ipv4 ? IPV4_AT : IPV6_AT, bytes.length);
        return ipv4 ? IPV4_BYTES : MOST_BYTES;
    }

    static Ip ip(MemorySegment source) {
        boolean ipv4 = source.get(JAVA_SHORT, 0) == Family.IPV4.addressFamily();
        return Ip.of(source.asSlice(ipv4 ? IPV4_AT : IPV6_AT, ipv4 ? 4 : 16).toArray(JAVA_BYTE));
    }

    static int port(MemorySegment source) {
        return Short.toUnsignedInt(source.get(BE_SHORT, PORT_AT));
    }
}
