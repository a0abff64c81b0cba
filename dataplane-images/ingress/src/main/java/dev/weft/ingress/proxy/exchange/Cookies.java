package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import org.jspecify.annotations.Nullable;

/** Reads the Cookie field (RFC 6265, 4.2). */
final class Cookies {
    private Cookies() {}

    /** The value of the first cookie of that name. */
    static @Nullable String find(Fields fields, String name) {
        for (int field = fields.find(FieldName.COOKIE, 0);
                field >= 0;
                field = fields.find(FieldName.COOKIE, field + 1)) {
            String all = fields.value(field);
            int at = 0;
            while (at < all.length()) {
                int end = all.indexOf(';', at);
                int to = end < 0 ? all.length() : end;
                int equals = all.indexOf('=', at);
                if (equals > 0
                        && equals < to
                        && all.substring(at, equals).strip().equals(name)) {
                    return all.substring(equals + 1, to).strip();
                }
                at = to + 1;
            }
        }
        return null;
    }
}
