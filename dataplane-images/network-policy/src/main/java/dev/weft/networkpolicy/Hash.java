package dev.weft.networkpolicy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Names of kernel objects that follow from what they stand for, so that the next process finds its own again. */
final class Hash {
    /** Of a chain or set; 48 bits, so that two of some thousands that are the same are nobody's worry. */
    private static final int BYTES = 6;

    /** Room for a set's comment beside the types that nft wants to be told. */
    private static final int COMMENT = 79;

    private Hash() {}

    static String of(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** As much of a text as a comment takes. */
    static String shortened(String text) {
        return shortened(text, COMMENT);
    }

    static String shortened(String text, int length) {
        String clean = text.replaceAll("[^ -~]|\"", "?");
        return clean.length() <= length ? clean : clean.substring(0, length - 3) + "...";
    }
}
