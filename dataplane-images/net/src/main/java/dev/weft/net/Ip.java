package dev.weft.net;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * An IP address as a value, never a host name: parsing asks no resolver.
 *
 * <p>IPv4-mapped IPv6 addresses ({@code ::ffff:a.b.c.d}) parse as IPv4, as {@link InetAddress} has it.
 */
public final class Ip implements Comparable<Ip> {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private final byte[] bytes;

    private Ip(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Parses dotted-quad IPv4 or RFC 4291 IPv6 text, without zone or brackets.
     *
     * @throws IllegalArgumentException if the text is neither; the message quotes it
     */
    public static Ip parse(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is not an IP address");
        }
        try {
            return of(InetAddress.ofLiteral(text).getAddress());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not an IP address", e);
        }
    }

    /**
     * An address of 4 or 16 bytes in network order; the array is copied.
     *
     * @throws IllegalArgumentException for any other length
     */
    public static Ip of(byte[] bytes) {
        if (bytes.length != 4 && bytes.length != 16) {
            throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length);
        }
        return new Ip(bytes.clone());
    }

    /** The address of an {@link InetAddress}, its zone dropped. */
    public static Ip of(InetAddress address) {
        return new Ip(address.getAddress());
    }

    public Family family() {
        return bytes.length == 4 ? Family.IPV4 : Family.IPV6;
    }

    /** The address in network order, a fresh array of 4 or 16 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The address as an unsigned number. */
    public BigInteger number() {
        return new BigInteger(1, bytes);
    }

    /**
     * The address {@code offset} further on.
     *
     * @throws IllegalArgumentException if that leaves the family's range
     */
    public Ip plus(long offset) {
        BigInteger moved = number().add(BigInteger.valueOf(offset));
        if (moved.signum() < 0 || moved.bitLength() > family().bits()) {
            throw new IllegalArgumentException(this + " + " + offset + " is no address");
        }
        byte[] raw = moved.toByteArray();
        byte[] out = new byte[bytes.length];
        int n = Math.min(raw.length, out.length);
        System.arraycopy(raw, raw.length - n, out, out.length - n, n);
        return new Ip(out);
    }

    public InetAddress toInetAddress() {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are always an address", e);
        }
    }

    @Override
    public int compareTo(Ip other) {
        return bytes.length != other.bytes.length
                ? Integer.compare(bytes.length, other.bytes.length)
                : Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ip ip && Arrays.equals(bytes, ip.bytes);
    }

    /**
     * Spreads neighbouring addresses: the sum of {@link Arrays#hashCode} keeps them side by side, which makes large
     * immutable maps of them, probed linearly, slow.
     */
    @Override
    public int hashCode() {
        int hash = Arrays.hashCode(bytes) * 0x9E3779B9;
        return hash ^ (hash >>> 15);
    }

    /** Dotted quad, or the canonical text of RFC 5952. */
    @Override
    public String toString() {
        return toInetAddress() instanceof Inet4Address v4 ? v4.getHostAddress() : Rfc5952.format(bytes);
    }
}
