package dev.weft.ingress.proxy.filter.password;

/** The alphabet of crypt(3). */
final class Crypt64 {
    private static final String LETTERS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private Crypt64() {}

    /** Three bytes as up to four letters, the lowest bits first. */
    static void put(StringBuilder to, int high, int middle, int low, int letters) {
        int bits = (high & 0xff) << 16 | (middle & 0xff) << 8 | (low & 0xff);
        for (int i = 0; i < letters; i++) {
            to.append(LETTERS.charAt(bits & 63));
            bits >>>= 6;
        }
    }
}
