package dev.weft.ingress.match;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Parameters of a query, as forms encode them (WHATWG URL, application/x-www-form-urlencoded). */
final class Query {
    private Query() {}

    /** The decoded value of the first parameter of a name; empty text if it has none. */
    static Optional<String> first(String query, String name) {
        int at = 0;
        while (at < query.length()) {
            int end = query.indexOf('&', at);
            end = end < 0 ? query.length() : end;
            int equals = query.indexOf('=', at);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            if (isName(query, at, nameEnd, name)) {
                return Optional.of(nameEnd == end ? "" : decode(query.substring(nameEnd + 1, end)));
            }
            at = end + 1;
        }
        return Optional.empty();
    }

    private static boolean isName(String query, int from, int to, String name) {
        if (to - from == name.length() && query.startsWith(name, from)) {
            return true;
        }
        // Only what is encoded can be the name and look different.
        for (int i = from; i < to; i++) {
            char c = query.charAt(i);
            if (c == '%' || c == '+') {
                return decode(query.substring(from, to)).equals(name);
            }
        }
        return false;
    }

    private static String decode(String text) {
        byte[] bytes = new byte[text.length()];
        int length = 0;
        boolean plain = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int octet = c == '%' ? Paths.octet(text, i) : -1;
            if (octet >= 0) {
                bytes[length++] = (byte) octet;
                i += 2;
                plain = false;
            } else {
                bytes[length++] = c == '+' ? (byte) ' ' : (byte) c;
                plain &= c != '+' && c < 0x80;
            }
        }
        return plain ? text : new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
