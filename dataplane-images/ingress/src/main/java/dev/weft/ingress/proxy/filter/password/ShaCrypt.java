package dev.weft.ingress.proxy.filter.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** SHA-crypt with 256 and 512 bits ("Unix crypt using SHA-256 and SHA-512", Drepper). */
final class ShaCrypt {
    private static final int MAX_ROUNDS = 1_000_000;

    private ShaCrypt() {}

    /** @param setting name, rounds if any, and salt; what follows is not looked at */
    static String hash(byte[] password, String setting) {
        boolean wide = setting.startsWith("$6$");
        String rest = setting.substring(3);
        int rounds = 5000;
        boolean told = rest.startsWith("rounds=");
        if (told) {
            int dollar = rest.indexOf('$');
            if (dollar < 0) {
                return "";
            }
            try {
                rounds = Math.clamp(Long.parseLong(rest.substring(7, dollar)), 1000, MAX_ROUNDS);
            } catch (NumberFormatException e) {
                return "";
            }
            rest = rest.substring(dollar + 1);
        }
        int dollar = rest.indexOf('$');
        String saltText = rest.substring(0, Math.min(16, dollar < 0 ? rest.length() : dollar));
        byte[] digest = rounds(
                Htpasswd.of(wide ? "SHA-512" : "SHA-256"),
                password,
                saltText.getBytes(StandardCharsets.US_ASCII),
                rounds);
        StringBuilder result = new StringBuilder(wide ? "$6$" : "$5$");
        if (told) {
            result.append("rounds=").append(rounds).append('$');
        }
        result.append(saltText).append('$');
        return (wide ? wide(result, digest) : narrow(result, digest)).toString();
    }

    private static byte[] rounds(MessageDigest sha, byte[] password, byte[] salt, int rounds) {
        sha.update(password);
        sha.update(salt);
        byte[] b = sha.digest(password);
        sha.update(password);
        sha.update(salt);
        repeat(sha, b, password.length);
        for (int bits = password.length; bits > 0; bits >>= 1) {
            sha.update((bits & 1) != 0 ? b : password);
        }
        byte[] a = sha.digest();
        for (int i = 0; i < password.length; i++) {
            sha.update(password);
        }
        byte[] p = stretch(sha.digest(), password.length);
        for (int i = 0; i < 16 + (a[0] & 0xff); i++) {
            sha.update(salt);
        }
        byte[] s = stretch(sha.digest(), salt.length);
        for (int round = 0; round < rounds; round++) {
            sha.update((round & 1) != 0 ? p : a);
            if (round % 3 != 0) {
                sha.update(s);
            }
            if (round % 7 != 0) {
                sha.update(p);
            }
            a = sha.digest((round & 1) != 0 ? a : p);
        }
        return a;
    }

    private static void repeat(MessageDigest sha, byte[] block, int length) {
        for (int left = length; left > 0; left -= block.length) {
            sha.update(block, 0, Math.min(block.length, left));
        }
    }

    private static byte[] stretch(byte[] block, int length) {
        byte[] all = new byte[length];
        for (int i = 0; i < length; i++) {
            all[i] = block[i % block.length];
        }
        return all;
    }

    private static StringBuilder narrow(StringBuilder to, byte[] d) {
        int[] at = {0, 10, 20};
        for (int i = 0; i < 10; i++) {
            Crypt64.put(to, d[at[0]], d[at[1]], d[at[2]], 4);
            at = new int[] {at[2] + 1, at[0] + 1, at[1] + 1};
        }
        Crypt64.put(to, 0, d[31], d[30], 3);
        return to;
    }

    private static StringBuilder wide(StringBuilder to, byte[] d) {
        int[] at = {0, 21, 42};
        for (int i = 0; i < 21; i++) {
            Crypt64.put(to, d[at[0]], d[at[1]], d[at[2]], 4);
            at = new int[] {at[1] + 1, at[2] + 1, at[0] + 1};
        }
        Crypt64.put(to, 0, 0, d[63], 2);
        return to;
    }
}
