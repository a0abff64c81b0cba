package dev.weft.ingress.nginx;

import dev.weft.ingress.route.Filter;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code permanent-redirect}, {@code temporal-redirect} and {@code app-root}. */
final class Redirects {
    private static final Pattern URL = Pattern.compile("https?://[\\-._~a-zA-Z0-9/:,?&=%#+@!;()*']+");
    private static final Pattern PATH = Pattern.compile("/[\\-._~a-zA-Z0-9/:$?&=%]*");

    private Redirects() {}

    /** Where every request is sent; of two annotations the temporal one. */
    static Optional<Filter> target(Annotations annotations) {
        if (annotations.has("temporal-redirect")) {
            int status = annotations.number("temporal-redirect-code", 300, 307).orElse(302);
            return annotations.text("temporal-redirect", URL).map(url -> new Filter.RedirectTo(url, status));
        }
        int status = annotations.number("permanent-redirect-code", 300, 308).orElse(301);
        return annotations.text("permanent-redirect", URL).map(url -> new Filter.RedirectTo(url, status));
    }

    /** Where the root of the host is sent. */
    static Optional<String> appRoot(Annotations annotations) {
        return annotations.text("app-root", PATH);
    }
}
