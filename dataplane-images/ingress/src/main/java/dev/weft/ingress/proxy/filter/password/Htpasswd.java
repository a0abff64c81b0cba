package dev.weft.ingress.proxy.filter.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Compares a password with a hash of a htpasswd file: bcrypt ({@code $2a$}, {@code $2b$}, {@code $2y$}), MD5 ({@code $apr1$},
 * {@code $1$}), SHA-crypt ({@code $5$}, {@code $6$}), {@code {SHA}}, {@code {SSHA}} and {@code {PLAIN}}. DES is not known.
 */
public final class Htpasswd {
    private Htpasswd() {}

    /** Whether it takes longer than an event loop may wait. */
    public static boolean isSlow(String hash) {
        return hash.startsWith("$");
    }

    /** Never true for a hash that is not understood. */
    public static boolean matches(String hash, String password) {
        byte[] secret = password.getBytes(StandardCharsets.UTF_8);
        if (hash.startsWith("{SHA}")) {
            return equal(digest("SHA-1", secret), base64(hash.substring(5)));
        }
        if (hash.startsWith("{SSHA}")) {
            byte[] both = base64(hash.substring(6));
            if (both.length < 20) {
                return false;
            }
            byte[] salt = Arrays.copyOfRange(both, 20, both.length);
            byte[] salted = Arrays.copyOf(secret, secret.length + salt.length);
            System.arraycopy(salt, 0, salted, secret.length, salt.length);
            return equal(digest("SHA-1", salted), Arrays.copyOf(both, 20));
        }
        if (hash.startsWith("{PLAIN}")) {
            return equal(secret, hash.substring(7).getBytes(StandardCharsets.UTF_8));
        }
        if (hash.startsWith("$apr1$") || hash.startsWith("$1$")) {
            return equal(hash, Md5Crypt.hash(secret, hash));
        }
        if (hash.startsWith("$5$") || hash.startsWith("$6$")) {
            return equal(hash, ShaCrypt.hash(secret, hash));
        }
        if (hash.startsWith("$2a$") || hash.startsWith("$2b$") || hash.startsWith("$2y$")) {
            return equal(hash, Bcrypt.hash(secret, hash));
        }
        return false;
    }

    private static boolean equal(String a, String b) {
        return equal(a.getBytes(StandardCharsets.US_ASCII), b.getBytes(StandardCharsets.US_ASCII));
    }

    /** In a time that does not tell how much is equal. */
    private static boolean equal(byte[] a, byte[] b) {
        return MessageDigest.isEqual(a, b);
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    static byte[] digest(String algorithm, byte[] bytes) {
        return of(algorithm).digest(bytes);
    }

    static MessageDigest of(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
