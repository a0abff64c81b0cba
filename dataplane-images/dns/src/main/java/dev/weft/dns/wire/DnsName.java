package dev.weft.dns.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A domain name in wire format (RFC 1035 section 3.1), in lower case, as names match without regard to case. */
public final class DnsName implements Comparable<DnsName> {
    public static final DnsName ROOT = new DnsName(new byte[1]);

    static final int MOST_BYTES = 255;
    private static final int MOST_LABEL = 63;

    private final byte[] wire;

    private DnsName(byte[] wire) {
        this.wire = wire;
    }

    /**
     * Parses dotted text; a dot at the end makes no difference, escapes are not known.
     *
     * @throws IllegalArgumentException if a label is empty or longer than 63 bytes, or the name longer than 255
     */
    public static DnsName parse(String text) {
        String bare = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        DnsName name = ROOT;
        if (!bare.isEmpty()) {
            String[] labels = bare.split("\\.", -1);
            for (int i = labels.length - 1; i >= 0; i--) {
                name = name.child(labels[i]);
            }
        }
        return name;
    }

    /** Takes the bytes of a name, put into lower case; they must be well-formed and without pointers. */
    static DnsName ofWire(byte[] bytes, int from, int length) {
        byte[] wire = Arrays.copyOfRange(bytes, from, from + length);
        for (int i = 0; i < wire.length; i++) {
            wire[i] = Question.lower(wire[i]);
        }
        return new DnsName(wire);
    }

    /**
     * The name one label below.
     *
     * @throws IllegalArgumentException as {@link #parse}
     */
    public DnsName child(String label) {
        byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > MOST_LABEL) {
            throw new IllegalArgumentException("'" + label + "' is not a label of 1 to 63 bytes");
        }
        if (wire.length + bytes.length + 1 > MOST_BYTES) {
            throw new IllegalArgumentException("a name longer than 255 bytes: " + label + "." + this);
        }
        byte[] child = new byte[wire.length + bytes.length + 1];
        child[0] = (byte) bytes.length;
        for (int i = 0; i < bytes.length; i++) {
            child[i + 1] = Question.lower(bytes[i]);
        }
        System.arraycopy(wire, 0, child, bytes.length + 1, wire.length);
        return new DnsName(child);
    }

    /** Bytes in wire format, the root's zero included: 1 to 255. */
    public int length() {
        return wire.length;
    }

    /** The bytes, a fresh array. */
    public byte[] wire() {
        return wire.clone();
    }

    public void copyTo(byte[] target, int at) {
        System.arraycopy(wire, 0, target, at, wire.length);
    }

    /** Whether the bytes, which are a name in lower case, are this one. */
    public boolean matches(byte[] name, int from, int to) {
        return Arrays.equals(wire, 0, wire.length, name, from, to);
    }

    public int labels() {
        int count = 0;
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            count++;
        }
        return count;
    }

    /** Labels from the left. */
    public List<String> labelList() {
        List<String> labels = new ArrayList<>();
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            labels.add(new String(wire, at + 1, wire[at], StandardCharsets.UTF_8));
        }
        return labels;
    }

    /** Whether it is the other or below it. */
    public boolean isWithin(DnsName other) {
        int at = 0;
        while (wire.length - at > other.wire.length) {
            at += wire[at] + 1;
        }
        return other.matches(wire, at, wire.length);
    }

    public int hash() {
        return NameHash.of(wire, 0, wire.length);
    }

    @Override
    public int compareTo(DnsName other) {
        return Arrays.compareUnsigned(wire, other.wire);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DnsName name && Arrays.equals(wire, name.wire);
    }

    @Override
    public int hashCode() {
        return hash();
    }

    /** Dotted, with a dot at the end. */
    @Override
    public String toString() {
        return wire.length == 1 ? "." : String.join(".", labelList()) + ".";
    }
}
