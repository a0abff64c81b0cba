package dev.weft.ingress.proxy.filter.password;

import java.util.Arrays;

/** bcrypt ("A Future-Adaptable Password Scheme", Provos and Mazières 1999). */
final class Bcrypt {
    private static final String LETTERS = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** More takes minutes; nobody means that. */
    private static final int MAX_COST = 16;

    private static final int[] MAGIC = {0x4f727068, 0x65616e42, 0x65686f6c, 0x64657253, 0x63727944, 0x6f756274};

    private Bcrypt() {}

    /** @param setting name, cost and salt; what follows is not looked at. Empty if it is malformed */
    static String hash(byte[] password, String setting) {
        if (setting.length() < 29 || setting.charAt(6) != '$') {
            return "";
        }
        int cost = (setting.charAt(4) - '0') * 10 + setting.charAt(5) - '0';
        byte[] salt = decode(setting.substring(7, 29), 16);
        if (cost < 4 || cost > MAX_COST || salt.length == 0) {
            return "";
        }
        // The final zero counts as part of the password, and 72 bytes are all that is looked at.
        byte[] key = Arrays.copyOf(password, Math.min(password.length + 1, 72));
        Blowfish cipher = new Blowfish();
        cipher.expand(key, salt);
        byte[] nothing = new byte[16];
        for (int i = 0; i < 1 << cost; i++) {
            cipher.expand(key, nothing);
            cipher.expand(salt, nothing);
        }
        int[] text = MAGIC.clone();
        for (int i = 0; i < 64; i++) {
            for (int pair = 0; pair < 6; pair += 2) {
                cipher.encrypt(text, pair);
            }
        }
        byte[] result = new byte[23];
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) (text[i / 4] >>> (24 - 8 * (i % 4)));
        }
        return setting.substring(0, 29) + encode(result);
    }

    private static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i += 3) {
            int bits = (bytes[i] & 0xff) << 16;
            bits |= i + 1 < bytes.length ? (bytes[i + 1] & 0xff) << 8 : 0;
            bits |= i + 2 < bytes.length ? bytes[i + 2] & 0xff : 0;
            int letters = Math.min(4, bytes.length - i + 1);
            for (int letter = 0; letter < letters; letter++) {
                text.append(LETTERS.charAt(bits >>> (18 - 6 * letter) & 63));
            }
        }
        return text.toString();
    }

    /** Empty if there is a letter that is none. */
    private static byte[] decode(String text, int length) {
        byte[] bytes = new byte[length];
        int bits = 0;
        int held = 0;
        int at = 0;
        for (int i = 0; i < text.length() && at < length; i++) {
            int value = LETTERS.indexOf(text.charAt(i));
            if (value < 0) {
                return new byte[0];
            }
            bits = bits << 6 | value;
            held += 6;
            if (held >= 8) {
                held -= 8;
                bytes[at++] = (byte) (bits >>> held);
            }
        }
        return bytes;
    }
}
