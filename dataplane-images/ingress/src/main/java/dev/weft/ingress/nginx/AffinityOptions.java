package dev.weft.ingress.nginx;

import dev.weft.ingress.route.Affinity;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code affinity} and {@code session-cookie-*}. */
final class AffinityOptions {
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+\\-.^_`|~0-9A-Za-z]+"); // RFC 6265, 4.1.1
    private static final Pattern ATTRIBUTE = Pattern.compile("[^;,\\x00-\\x20\\x7f]+");
    private static final String DEFAULT_NAME = "INGRESSCOOKIE";

    private AffinityOptions() {}

    /** With an empty path where it is that of each location. */
    static Optional<Affinity> read(Annotations annotations) {
        if (annotations.word("affinity", "cookie").isEmpty()) {
            return Optional.empty();
        }
        Optional<Integer> age = annotations
                .number("session-cookie-max-age", Integer.MIN_VALUE, Integer.MAX_VALUE)
                .or(() -> annotations.number("session-cookie-expires", Integer.MIN_VALUE, Integer.MAX_VALUE));
        return Optional.of(new Affinity(
                annotations.text("session-cookie-name", NAME).orElse(DEFAULT_NAME),
                age.filter(seconds -> seconds > 0).map(seconds -> Duration.ofSeconds(seconds)),
                Optional.empty(),
                annotations.text("session-cookie-path", ATTRIBUTE).orElse(""),
                annotations.text("session-cookie-domain", ATTRIBUTE),
                annotations.truth("session-cookie-secure"),
                annotations
                        .word("session-cookie-samesite", "none", "lax", "strict")
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))));
    }
}
