package dev.weft.ingress.proxy.filter.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** MD5-crypt of FreeBSD, and Apache's, which differs in its name only. */
final class Md5Crypt {
    private static final int ROUNDS = 1000;

    private Md5Crypt() {}

    /** @param setting name and salt; what follows is not looked at */
    static String hash(byte[] password, String setting) {
        String magic = setting.startsWith("$apr1$") ? "$apr1$" : "$1$";
        String rest = setting.substring(magic.length());
        int dollar = rest.indexOf('$');
        String saltText = rest.substring(0, Math.min(8, dollar < 0 ? rest.length() : dollar));
        byte[] salt = saltText.getBytes(StandardCharsets.US_ASCII);
        MessageDigest md5 = Htpasswd.of("MD5");
        md5.update(password);
        md5.update(salt);
        byte[] inner = md5.digest(password);
        md5.update(password);
        md5.update(magic.getBytes(StandardCharsets.US_ASCII));
        md5.update(salt);
        for (int left = password.length; left > 0; left -= 16) {
            md5.update(inner, 0, Math.min(16, left));
        }
        for (int bits = password.length; bits > 0; bits >>= 1) {
            md5.update((bits & 1) != 0 ? 0 : password[0]);
        }
        byte[] digest = md5.digest();
        for (int round = 0; round < ROUNDS; round++) {
            md5.update((round & 1) != 0 ? password : digest);
            if (round % 3 != 0) {
                md5.update(salt);
            }
            if (round % 7 != 0) {
                md5.update(password);
            }
            digest = md5.digest((round & 1) != 0 ? digest : password);
        }
        StringBuilder result = new StringBuilder(magic).append(saltText).append('$');
        for (int i = 0; i < 5; i++) {
            Crypt64.put(result, digest[i], digest[i + 6], digest[i == 4 ? 5 : i + 12], 4);
        }
        Crypt64.put(result, 0, 0, digest[11], 2);
        Arrays.fill(inner, (byte) 0);
        return result.toString();
    }
}
