package dev.weft.serviceproxy;

import dev.weft.net.Family;
import dev.weft.net.Ip;

/**
 * Where clients knock.
 *
 * @param address a virtual address, or the unspecified one for a node port, which is open on the node's own addresses
 * @param protocol IP protocol number
 * @param port 1 to 65535
 */
record Frontend(Ip address, int protocol, int port) {
    private static final Ip ANY_4 = Ip.parse("0.0.0.0");
    private static final Ip ANY_6 = Ip.parse("::");

    static Ip any(Family family) {
        return family == Family.IPV4 ? ANY_4 : ANY_6;
    }

    static Frontend nodePort(Family family, int protocol, int port) {
        return new Frontend(any(family), protocol, port);
    }

    boolean isNodePort() {
        return address.equals(any(address.family()));
    }

    @Override
    public String toString() {
        String name = switch (protocol) {
            case 6 -> "tcp";
            case 17 -> "udp";
            case 132 -> "sctp";
            default -> Integer.toString(protocol);
        };
        return (isNodePort() ? "node port" : address) + " " + name + " " + port;
    }
}
