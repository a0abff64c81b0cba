package dev.weft.ingress.nginx;

import dev.weft.ingress.match.HttpMatch;
import dev.weft.ingress.match.ValueMatch;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code canary} and {@code canary-*}: which requests of another Ingress' paths are led to this one's backends.
 *
 * @param header name, lower case
 * @param chosen which of its values mean the canary; {@code always} if nothing else is said
 * @param refusable whether {@code never} means the other
 */
record CanaryOptions(
        int weight, int total, Optional<String> header, ValueMatch chosen, boolean refusable, Optional<String> cookie) {
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+");
    private static final ValueMatch ALWAYS = new ValueMatch.Exact("always");

    static Optional<CanaryOptions> read(Annotations annotations) {
        if (!annotations.isTrue("canary")) {
            if (annotations.names().stream().anyMatch(name -> name.startsWith("canary-"))) {
                annotations.problem("canary", "canary-* is there, but canary is not true");
            }
            return Optional.empty();
        }
        Optional<ValueMatch> value = annotations.text("canary-by-header-value").map(ValueMatch.Exact::new);
        Optional<ValueMatch> chosen = value.or(() -> pattern(annotations));
        // Of a total below 100 nothing is known there either.
        int total = Math.max(
                100, annotations.number("canary-weight-total", 1, 1_000_000).orElse(100));
        int weight = annotations.number("canary-weight", 0, 1_000_000).orElse(0);
        return Optional.of(new CanaryOptions(
                Math.min(weight, total),
                total,
                annotations.text("canary-by-header", NAME).map(name -> name.toLowerCase(Locale.ROOT)),
                chosen.orElse(ALWAYS),
                chosen.isEmpty(),
                annotations.text("canary-by-cookie", NAME)));
    }

    private static Optional<ValueMatch> pattern(Annotations annotations) {
        return annotations.text("canary-by-header-pattern").flatMap(text -> {
            try {
                return Optional.of(new ValueMatch.Regex(Pcre.exact(text)));
            } catch (IllegalArgumentException e) {
                annotations.problem("canary-by-header-pattern", String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    Optional<HttpMatch.Field> chosenByHeader() {
        return header.map(name -> new HttpMatch.Field(name, chosen));
    }

    Optional<HttpMatch.Field> refusedByHeader() {
        return header.filter(name -> refusable).map(name -> new HttpMatch.Field(name, new ValueMatch.Exact("never")));
    }

    Optional<HttpMatch.Field> chosenByCookie() {
        return cookie.map(name -> new HttpMatch.Field("cookie", new ValueMatch.Cookie(name, "always")));
    }

    Optional<HttpMatch.Field> refusedByCookie() {
        return cookie.map(name -> new HttpMatch.Field("cookie", new ValueMatch.Cookie(name, "never")));
    }
}
