package dev.weft.networkpolicy;

import java.util.Comparator;

/**
 * Where a connection goes to.
 *
 * @param protocol IP protocol number; 0 for any, protocols without ports included
 * @param from first port, 0 to 65535
 * @param to last port, inclusive
 */
record PortRange(int protocol, int from, int to) implements Comparable<PortRange> {
    static final int LAST = 0xffff;

    /** Traffic of every kind. */
    static final PortRange ANY = new PortRange(0, 0, LAST);

    private static final Comparator<PortRange> ORDER = Comparator.comparingInt(PortRange::protocol)
            .thenComparingInt(PortRange::from)
            .thenComparingInt(PortRange::to);

    static PortRange all(int protocol) {
        return new PortRange(protocol, 0, LAST);
    }

    static PortRange of(int protocol, int port) {
        return new PortRange(protocol, port, port);
    }

    boolean isAny() {
        return protocol == 0;
    }

    boolean isWholeProtocol() {
        return from == 0 && to == LAST;
    }

    boolean contains(int otherProtocol, int port) {
        return isAny() || (protocol == otherProtocol && from <= port && port <= to);
    }

    @Override
    public int compareTo(PortRange other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        if (isAny()) {
            return "any";
        }
        String name = switch (protocol) {
            case 6 -> "tcp";
            case 17 -> "udp";
            case 132 -> "sctp";
            default -> "protocol " + protocol;
        };
        return isWholeProtocol() ? name : name + "/" + from + (from == to ? "" : "-" + to);
    }
}
