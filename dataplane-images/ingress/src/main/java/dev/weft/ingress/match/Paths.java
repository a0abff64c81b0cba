package dev.weft.ingress.match;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The path that routes are compared with, made of the one that was asked for.
 *
 * <p>As nginx does it (ngx_http_parse_complex_uri, {@code merge_slashes on}): octets are decoded, all of them, {@code %2F}
 * too; then empty elements are dropped and {@code .} and {@code ..} are followed. So whoever guards {@code /admin} guards
 * {@code /x/..%2Fadmin} as well. What cannot be decoded, holds a zero byte or leads above the root is a bad request. The
 * rest of the octets is read as UTF-8. The backend is asked for the path as it was sent, unless a rewrite says otherwise.
 */
public final class Paths {
    private Paths() {}

    /**
     * @param raw as it was sent, without query; octets that are no ASCII as characters of ISO 8859-1
     * @return empty for a bad request
     */
    public static Optional<String> normal(String raw) {
        return isNormal(raw) ? Optional.of(raw) : new Normalizing(raw.length()).of(raw);
    }

    static boolean isNormal(String raw) {
        char before = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%' || c == '#' || c == 0 || c >= 0x80 || (before == '/' && (c == '/' || c == '.'))) {
                return false;
            }
            before = c;
        }
        return true;
    }

    /** The octet that is encoded at a percent sign; -1 if none is. */
    static int octet(String text, int percent) {
        if (percent + 2 >= text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(percent + 1), 16);
        int low = Character.digit(text.charAt(percent + 2), 16);
        return high < 0 || low < 0 || text.charAt(percent + 1) >= 0x80 || text.charAt(percent + 2) >= 0x80
                ? -1
                : high << 4 | low;
    }

    private static final class Normalizing {
        private final byte[] out;
        private int length;
        /** Where the element that is being written begins. */
        private int element;

        Normalizing(int length) {
            out = new byte[length + 1];
        }

        Optional<String> of(String raw) {
            for (int i = 0; i < raw.length(); i++) {
                int c = raw.charAt(i);
                if (c == '#') {
                    break; // A fragment is never sent; nginx ends the path there.
                }
                if (c == '%') {
                    c = octet(raw, i);
                    i += 2;
                }
                if (c <= 0 || c > 0xff || !put(c)) {
                    return Optional.empty();
                }
            }
            return endElement() ? Optional.of(new String(out, 0, length, StandardCharsets.UTF_8)) : Optional.empty();
        }

        private boolean put(int octet) {
            if (octet != '/') {
                out[length++] = (byte) octet;
                return true;
            }
            if (!endElement()) {
                return false;
            }
            if (length == 0 || length > element) {
                out[length++] = '/';
                element = length;
            }
            return true;
        }

        /** Follows {@code .} and {@code ..}; false if that leads above the root. */
        private boolean endElement() {
            int size = length - element;
            if (element > 0 && size == 1 && out[element] == '.') {
                length = element;
            } else if (element > 0 && size == 2 && out[element] == '.' && out[element + 1] == '.') {
                if (element == 1) {
                    return false;
                }
                int slash = element - 2;
                while (out[slash] != '/') {
                    slash--;
                }
                element = slash + 1;
                length = element;
            }
            return true;
        }
    }
}
