package dev.weft.ingress.proxy.http;

import java.util.Locale;

/** Host and port as they stand in a Host field (RFC 9110, 7.2; RFC 3986, 3.2.2). */
public final class Authority {
    private Authority() {}

    /**
     * The host: lower case, without port and final dot.
     *
     * @throws BadMessage with 400 for user information, characters that no host has, or a port that is no number
     */
    public static String host(String text) throws BadMessage {
        int end = text.length();
        int colon;
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 0) {
                throw bad();
            }
            colon = close + 1;
            if (colon < end && text.charAt(colon) != ':') {
                throw bad();
            }
            for (int i = 1; i < close; i++) {
                char c = text.charAt(i);
                if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
                    throw bad();
                }
            }
        } else {
            colon = 0;
            while (colon < end && text.charAt(colon) != ':') {
                if (!isHost(text.charAt(colon))) {
                    throw bad();
                }
                colon++;
            }
        }
        checkPort(text, colon);
        int last = colon > 1 && text.charAt(colon - 1) == '.' ? colon - 1 : colon;
        String host = text.substring(0, last);
        for (int i = 0; i < last; i++) {
            if (host.charAt(i) >= 'A' && host.charAt(i) <= 'Z') {
                return host.toLowerCase(Locale.ROOT);
            }
        }
        return host;
    }

    private static void checkPort(String text, int colon) throws BadMessage {
        if (text.length() - colon > 6) {
            throw bad();
        }
        for (int i = colon + 1; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                throw bad();
            }
        }
    }

    private static boolean isHost(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    private static BadMessage bad() {
        return new BadMessage(400, "host is malformed");
    }
}
