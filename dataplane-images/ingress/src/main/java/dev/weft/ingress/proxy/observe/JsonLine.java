package dev.weft.ingress.proxy.observe;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A flat JSON object (RFC 8259) on one line. What is empty is left out. */
final class JsonLine {
    private final StringBuilder text = new StringBuilder(384).append('{');

    void text(String name, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            return;
        }
        name(name);
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c >= 0x7f) {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    void number(String name, long value) {
        name(name);
        text.append(value);
    }

    /** With microseconds. */
    void decimal(String name, double value) {
        name(name);
        text.append(Math.round(value * 1e6) / 1e6);
    }

    private void name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        text.append('"').append(name).append("\":");
    }

    String end() {
        return text.append('}').toString();
    }
}
