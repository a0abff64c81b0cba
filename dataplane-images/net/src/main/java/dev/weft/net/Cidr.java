package dev.weft.net;

import java.math.BigInteger;

/**
 * An IP prefix: a network address and a length. Host bits are never set.
 *
 * @param network the first address of the prefix
 * @param length prefix length, 0 to 32 (IPv4) or 0 to 128 (IPv6)
 */
public record Cidr(Ip network, int length) implements Comparable<Cidr> {
    public Cidr {
        if (length < 0 || length > network.family().bits()) {
            throw new IllegalArgumentException("prefix length /" + length + " of " + network + " is not between 0 and "
                    + network.family().bits());
        }
        Ip masked = mask(network, length);
        if (!masked.equals(network)) {
            throw new IllegalArgumentException(
                    network + "/" + length + " has host bits set; write " + masked + "/" + length);
        }
    }

    /**
     * Parses {@code address/length}.
     *
     * @throws IllegalArgumentException if it is no prefix or has host bits set; the message says what to write
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,3}")) {
            throw new IllegalArgumentException("'" + text + "' is not a CIDR such as 10.244.0.0/16 or fd00:244::/56");
        }
        return new Cidr(Ip.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** The prefix of this length that holds the address, host bits cleared. */
    public static Cidr containing(Ip address, int length) {
        return new Cidr(mask(address, length), length);
    }

    /** The prefix of just this address: /32 or /128. */
    public static Cidr host(Ip address) {
        return new Cidr(address, address.family().bits());
    }

    public Family family() {
        return network.family();
    }

    public boolean contains(Ip address) {
        return address.family() == family() && mask(address, length).equals(network);
    }

    /** Whether every address of {@code other} is in this prefix. */
    public boolean contains(Cidr other) {
        return other.length >= length && contains(other.network);
    }

    public boolean overlaps(Cidr other) {
        return contains(other) || other.contains(this);
    }

    /** The last address of the prefix (IPv4: the broadcast address of a subnet). */
    public Ip last() {
        byte[] bytes = network.bytes();
        for (int bit = length; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        return Ip.of(bytes);
    }

    /** Number of addresses. */
    public BigInteger size() {
        return BigInteger.ONE.shiftLeft(family().bits() - length);
    }

    @Override
    public int compareTo(Cidr other) {
        int byNetwork = network.compareTo(other.network);
        return byNetwork != 0 ? byNetwork : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return network + "/" + length;
    }

    private static Ip mask(Ip address, int length) {
        byte[] bytes = address.bytes();
        for (int bit = Math.max(length, 0); bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        return Ip.of(bytes);
    }
}
