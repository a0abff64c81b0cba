package dev.weft.ingress.proxy.http;

/** Which bytes may stand where (RFC 9110, 5.6.2; RFC 9112). */
public final class Octets {
    private static final byte TOKEN = 1;
    private static final byte VALUE = 2;
    private static final byte TARGET = 4;
    private static final byte PLAIN = 8;
    private static final byte[] KINDS = kinds();

    private Octets() {}

    /** A letter of a method or of a field's name. */
    public static boolean isToken(byte b) {
        return (KINDS[b & 0xff] & TOKEN) != 0;
    }

    /** A letter of a field's name as they usually are: a letter, a digit or a hyphen. */
    public static boolean isPlain(byte b) {
        return (KINDS[b & 0xff] & PLAIN) != 0;
    }

    /** In a field's value: no control character but the tabulator. */
    public static boolean isValue(byte b) {
        return (KINDS[b & 0xff] & VALUE) != 0;
    }

    /** In a request's target: visible, not the mark of a fragment. Bytes above 127 are met with and let pass. */
    public static boolean isTarget(byte b) {
        return (KINDS[b & 0xff] & TARGET) != 0;
    }

    private static byte[] kinds() {
        byte[] kinds = new byte[256];
        for (int b = 0; b < 256; b++) {
            boolean letter = (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
            if (letter || "!#$%&'*+-.^_`|~".indexOf(b) >= 0) {
                kinds[b] |= TOKEN;
            }
            if (letter || b == '-') {
                kinds[b] |= PLAIN;
            }
            if (b == '\t' || (b >= ' ' && b != 0x7f)) {
                kinds[b] |= VALUE;
            }
            if (b > ' ' && b != 0x7f && b != '#') {
                kinds[b] |= TARGET;
            }
        }
        return kinds;
    }
}
