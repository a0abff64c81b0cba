package dev.weft.nftables;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes as they lie in registers: an address, a port, or several fields one after the other, each filled up with zeros
 * to a multiple of 4 bytes (so nft lays out concatenations). Immutable; ordered as unsigned bytes.
 */
public final class Data implements Value, Comparable<Data> {
    /** {@code NFT_DATA_VALUE_MAXLEN} of linux/netfilter/nf_tables.h. */
    public static final int MAX_LENGTH = 64;

    private final byte[] bytes;

    private Data(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * 1 to 64 bytes; the array is copied.
     *
     * @throws IllegalArgumentException for any other length
     */
    public static Data of(byte[] bytes) {
        if (bytes.length < 1 || bytes.length > MAX_LENGTH) {
            throw new IllegalArgumentException("data has 1 to 64 bytes, not " + bytes.length);
        }
        return new Data(bytes.clone());
    }

    /** An address, 4 or 16 bytes. */
    public static Data of(Ip address) {
        return new Data(address.bytes());
    }

    /** The netmask of a prefix: as many one bits as it is long. */
    static Data mask(Cidr prefix) {
        byte[] mask = new byte[prefix.family().bits() / 8];
        for (int bit = 0; bit < prefix.length(); bit++) {
            mask[bit / 8] |= (byte) (0x80 >> (bit % 8));
        }
        return new Data(mask);
    }

    static Data zero(int length) {
        return of(new byte[length]);
    }

    /** The number in {@code length} bytes, most significant first. */
    static Data bigEndian(long number, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[length - 1 - i] = (byte) (number >> (8 * i));
        }
        return of(bytes);
    }

    /** The number in {@code length} bytes, in the machine's order: Weft runs on little-endian machines only. */
    static Data hostOrder(long number, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (number >> (8 * i));
        }
        return of(bytes);
    }

    Data not() {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) ~bytes[i];
        }
        return new Data(out);
    }

    public int length() {
        return bytes.length;
    }

    /** A fresh array. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The array itself, for encoders that only read. */
    byte[] raw() {
        return bytes;
    }

    Data slice(int from, int length) {
        return of(Arrays.copyOfRange(bytes, from, from + length));
    }

    @Override
    public int compareTo(Data other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Data data && Arrays.equals(bytes, data.bytes);
    }

    /**
     * FNV-1a, finished as in MurmurHash3. {@link Arrays#hashCode(byte[])} gives neighbouring addresses the same few
     * hashes, with which an immutable map of some 10,000 of them takes minutes to build.
     */
    @Override
    public int hashCode() {
        int hash = 0x811c9dc5;
        for (byte b : bytes) {
            hash = (hash ^ Byte.toUnsignedInt(b)) * 0x01000193;
        }
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return hash ^ (hash >>> 16);
    }

    @Override
    public String toString() {
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
