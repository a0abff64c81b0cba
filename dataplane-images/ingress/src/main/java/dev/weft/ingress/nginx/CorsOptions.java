package dev.weft.ingress.nginx;

import dev.weft.ingress.route.Filter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Cross-origin resource sharing: {@code enable-cors} and {@code cors-*}. */
final class CorsOptions {
    private static final Pattern ORIGIN = Pattern.compile("[a-z]+://(\\*\\.)?[A-Za-z0-9\\-.]*(:\\d+)?|null");
    private static final Pattern METHODS = Pattern.compile("([A-Za-z]+,?\\s?)+");
    private static final Pattern HEADERS = Pattern.compile("[A-Za-z0-9-_, ]*");
    private static final Pattern EXPOSED = Pattern.compile("(([A-Za-z0-9\\-_]+|\\*),?\\s?)+");
    private static final String DEFAULT_METHODS = "GET, PUT, POST, DELETE, PATCH, OPTIONS";
    private static final String DEFAULT_HEADERS =
            "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization";
    private static final int DEFAULT_AGE = 1_728_000;

    private CorsOptions() {}

    static Optional<Filter> read(Annotations annotations) {
        if (!annotations.isTrue("enable-cors")) {
            return Optional.empty();
        }
        List<String> origins = origins(annotations);
        if (origins.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Filter.Cors(
                origins,
                items(annotations.text("cors-allow-methods", METHODS).orElse(DEFAULT_METHODS)),
                items(annotations.text("cors-allow-headers", HEADERS).orElse(DEFAULT_HEADERS)),
                items(annotations.text("cors-expose-headers", EXPOSED).orElse("")),
                // With a star browsers send none, whatever is said of them; to name the origin instead would let
                // everybody.
                !origins.contains("*")
                        && annotations.truth("cors-allow-credentials").orElse(true),
                Duration.ofSeconds(
                        annotations.number("cors-max-age", 0, Integer.MAX_VALUE).orElse(DEFAULT_AGE)),
                true));
    }

    private static List<String> origins(Annotations annotations) {
        if (!annotations.has("cors-allow-origin")) {
            return List.of("*");
        }
        List<String> origins = new ArrayList<>();
        for (String origin : annotations.list("cors-allow-origin")) {
            if (origin.equals("*")) {
                return List.of("*");
            }
            if (ORIGIN.matcher(origin).matches()) {
                origins.add(origin);
            } else {
                annotations.problem("cors-allow-origin", "'" + origin + "' is no origin such as https://*.example.org");
            }
        }
        return origins;
    }

    private static List<String> items(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
