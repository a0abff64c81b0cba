package dev.weft.net;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A 48-bit Ethernet address. */
public final class MacAddress {
    private final byte[] bytes;

    private MacAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Six bytes; the array is copied.
     *
     * @throws IllegalArgumentException for any other length
     */
    public static MacAddress of(byte[] bytes) {
        if (bytes.length != 6) {
            throw new IllegalArgumentException("a MAC address has 6 bytes, not " + bytes.length);
        }
        return new MacAddress(bytes.clone());
    }

    /**
     * Parses {@code aa:bb:cc:dd:ee:ff}.
     *
     * @throws IllegalArgumentException if the text is none
     */
    public static MacAddress parse(String text) {
        if (!text.matches("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")) {
            throw new IllegalArgumentException("'" + text + "' is not a MAC address");
        }
        return new MacAddress(HexFormat.ofDelimiter(":").parseHex(text));
    }

    /**
     * A locally administered unicast address (IEEE 802 c2) made from a name: the same name always gives the same
     * address, so that nodes know each other's without telling it.
     */
    public static MacAddress derivedFrom(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            byte[] bytes = Arrays.copyOf(hash, 6);
            bytes[0] = (byte) ((bytes[0] & 0xfc) | 0x02);
            return new MacAddress(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** The address, a fresh array of 6 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MacAddress mac && Arrays.equals(bytes, mac.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(":").formatHex(bytes);
    }
}
