package dev.weft.e2e.lab;

/**
 * A node of a lab: {@code node1} and up.
 *
 * @param index 1 to {@value #MAX}
 */
public record NodeName(int index) implements Comparable<NodeName> {
    /** The most nodes a lab can have; tokens are made for all of them at the start. */
    public static final int MAX = 64;

    private static final String PREFIX = "node";
    private static final int FIRST_HOST = 10;
    private static final int ZONES = 3;

    public NodeName {
        if (index < 1 || index > MAX) {
            throw new IllegalArgumentException("node " + index + ": a lab has nodes 1 to " + MAX);
        }
    }

    /** The node with the name, such as {@code node2}. */
    public static NodeName parse(String name) {
        if (!name.startsWith(PREFIX)) {
            throw new IllegalArgumentException("'" + name + "' is no node of a lab: they are node1, node2, ...");
        }
        try {
            return new NodeName(Integer.parseInt(name.substring(PREFIX.length())));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + name + "' is no node of a lab: they are node1, node2, ...", e);
        }
    }

    public String value() {
        return PREFIX + index;
    }

    /** Its zone, as a node's label tells it: a lab has up to three, whose nodes take turns. */
    public String zone() {
        return "zone-" + (char) ('a' + (index - 1) % ZONES);
    }

    /** The node's IPv4 address on the lab's segment. */
    public String ipv4() {
        return "172.18.0." + (FIRST_HOST + index);
    }

    /** The node's IPv6 address on the lab's segment. */
    public String ipv6() {
        return "fd00:18::" + (FIRST_HOST + index);
    }

    @Override
    public int compareTo(NodeName other) {
        return Integer.compare(index, other.index);
    }

    @Override
    public String toString() {
        return value();
    }
}
