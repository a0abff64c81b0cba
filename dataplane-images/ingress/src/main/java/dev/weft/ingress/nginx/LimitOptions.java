package dev.weft.ingress.nginx;

import dev.weft.ingress.route.Filter;
import dev.weft.net.Cidr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code limit-*} and the source ranges. All paths of an Ingress count together. */
final class LimitOptions {
    private static final int MOST = 1_000_000;

    private LimitOptions() {}

    static List<Filter> read(Reading in) {
        Annotations annotations = in.annotations();
        List<Filter> filters = new ArrayList<>();
        String zone = in.ingress().key().toString();
        int status = status(in);
        int multiplier = annotations.number("limit-burst-multiplier", 0, 1000).orElse(5);
        List<Cidr> except = in.networks("limit-whitelist", "limit-allowlist");
        number(annotations, "limit-rps")
                .ifPresent(rate -> filters.add(new Filter.RateLimit(
                        zone + " rps", rate, Duration.ofSeconds(1), burst(rate, multiplier), status, except)));
        number(annotations, "limit-rpm")
                .ifPresent(rate -> filters.add(new Filter.RateLimit(
                        zone + " rpm", rate, Duration.ofMinutes(1), burst(rate, multiplier), status, except)));
        number(annotations, "limit-connections")
                .ifPresent(
                        most -> filters.add(new Filter.ConcurrencyLimit(zone + " connections", most, status, except)));
        List<Cidr> allow = in.guard("allowlist-source-range", "whitelist-source-range");
        List<Cidr> deny = in.guard("denylist-source-range");
        if (!allow.isEmpty() || !deny.isEmpty()) {
            filters.add(new Filter.Sources(allow, deny));
        }
        return filters;
    }

    private static int burst(int rate, int multiplier) {
        return (int) Math.min((long) rate * multiplier, Integer.MAX_VALUE);
    }

    /** 0 is no limit. */
    private static Optional<Integer> number(Annotations annotations, String name) {
        return annotations.number(name, 0, MOST).filter(rate -> rate > 0);
    }

    private static int status(Reading in) {
        String text = in.annotations().own("limit-status-code").orElse("429");
        if (!text.equals("429") && !text.equals("503")) {
            in.note("InvalidAnnotation", "weft.dev/limit-status-code: '" + text + "' is neither 429 nor 503");
            return 429;
        }
        return Integer.parseInt(text);
    }
}
