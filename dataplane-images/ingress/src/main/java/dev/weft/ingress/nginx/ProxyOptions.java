package dev.weft.ingress.nginx;

import dev.weft.ingress.route.BodyLimits;
import dev.weft.ingress.route.Retry;
import dev.weft.ingress.route.Timeouts;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code proxy-*}: how long is waited, how much is taken, how often is tried. */
final class ProxyOptions {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kKmMgG]?)");
    private static final long DEFAULT_SIZE = 1 << 20;
    private static final long MOST_BUFFERED = 64 << 20;
    private static final int MOST_SECONDS = 365 * 86_400;
    private static final int MOST_TRIES = 10;
    private static final Pattern NEXT = Pattern.compile(
            "((error|timeout|invalid_header|http_(500|502|503|504|403|404|429)|non_idempotent|off)\\s?)+");

    private ProxyOptions() {}

    static Timeouts timeouts(Annotations annotations) {
        return new Timeouts(
                Duration.ZERO,
                Duration.ZERO,
                seconds(annotations, "proxy-connect-timeout", Timeouts.DEFAULT.connect()),
                seconds(annotations, "proxy-read-timeout", Timeouts.DEFAULT.read()),
                seconds(annotations, "proxy-send-timeout", Timeouts.DEFAULT.send()));
    }

    private static Duration seconds(Annotations annotations, String name, Duration otherwise) {
        return annotations
                .number(name, 1, MOST_SECONDS)
                .map(number -> Duration.ofSeconds(number))
                .orElse(otherwise);
    }

    static BodyLimits body(Annotations annotations) {
        long size = annotations
                .text("proxy-body-size", SIZE)
                .map(ProxyOptions::octets)
                .orElse(DEFAULT_SIZE);
        boolean buffer = annotations
                .word("proxy-request-buffering", "on", "off")
                .orElse("off")
                .equals("on");
        if (buffer && (size == 0 || size > MOST_BUFFERED)) {
            annotations.problem(
                    "proxy-request-buffering", "requests of more than 64m (proxy-body-size) are not held in memory");
            buffer = false;
        }
        return new BodyLimits(size, buffer);
    }

    private static long octets(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException(text);
        }
        long number = Long.parseLong(size.group(1));
        return switch (size.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> number << 10;
            case "m" -> number << 20;
            case "g" -> number << 30;
            default -> number;
        };
    }

    /** Three tries unless it is said otherwise, of requests that may be sent twice. */
    static Optional<Retry> retry(Annotations annotations) {
        List<String> when = List.of(annotations
                .text("proxy-next-upstream", NEXT)
                .orElse("error timeout")
                .split("\\s+"));
        int tries = annotations.number("proxy-next-upstream-tries", 0, 1000).orElse(3);
        tries = tries == 0 ? MOST_TRIES : Math.min(tries, MOST_TRIES);
        if (when.contains("off") || tries == 1) {
            return Optional.empty();
        }
        Set<Integer> codes = new HashSet<>();
        for (String item : when) {
            if (item.startsWith("http_")) {
                codes.add(Integer.parseInt(item.substring(5)));
            }
        }
        return Optional.of(new Retry(tries - 1, codes, Duration.ZERO, when.contains("non_idempotent")));
    }
}
