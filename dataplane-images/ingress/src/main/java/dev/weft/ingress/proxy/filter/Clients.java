package dev.weft.ingress.proxy.filter;

import dev.weft.net.Ip;
import java.util.Arrays;

/** Who counts as one client. */
final class Clients {
    private Clients() {}

    /** The address, or of an IPv6 address the /64 that a client commonly has. */
    static Ip key(Ip client) {
        byte[] bytes = client.bytes();
        if (bytes.length == 4) {
            return client;
        }
        Arrays.fill(bytes, 8, 16, (byte) 0);
        return Ip.of(bytes);
    }
}
