package dev.weft.ingress.proxy.observe;

import dev.weft.agent.Counter;
import dev.weft.agent.Histogram;
import dev.weft.agent.Labelled;
import dev.weft.agent.Metrics;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Rule;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.RuleName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rate, errors and duration by host and route. Clients choose hosts where a rule has a wildcard or none, so a loop tells so
 * many hosts of one rule apart and no more; {@link Labelled} bounds the whole.
 */
final class RequestMetrics {
    private static final int MAX_HOSTS = 32;

    /** Rules that were replaced are forgotten when there are so many. */
    private static final int MAX_RULES = 20_000;

    private static final String OTHER = "other";

    /** The series of a rule and host. */
    private static final class Series {
        private final @Nullable Counter[] byClass = new Counter[6];
        private final Histogram seconds;

        Series(Histogram seconds) {
            this.seconds = seconds;
        }
    }

    private final Labelled<Counter> requests;
    private final Labelled<Histogram> seconds;
    private final Labelled<Counter> failures;
    private final Labelled<Counter> limited;
    private final Counter received;
    private final Counter sent;
    private final List<Map<Rule, Map<String, Series>>> known = new ArrayList<>();

    RequestMetrics(Metrics metrics, int loops) {
        requests = metrics.counters(
                "weft_ingress_requests_total",
                "Requests that were answered, or given up by their client (4xx, 499).",
                "host",
                "route",
                "code");
        seconds = metrics.histograms(
                "weft_ingress_request_duration_seconds",
                "From the head of a request to the last byte of its answer.",
                Histogram.SECONDS,
                "host",
                "route");
        failures = metrics.counters(
                "weft_ingress_upstream_failures_total",
                "Tries that a backend did not answer: connect, connect_timeout, tls, timeout, broken, malformed.",
                "host",
                "route",
                "reason");
        limited = metrics.counters(
                "weft_ingress_rate_limited_total",
                "Requests that a limit of their client's address refused.",
                "host",
                "route");
        received = metrics.counter("weft_ingress_request_body_bytes_total", "Bytes of the bodies of requests.");
        sent = metrics.counter("weft_ingress_response_body_bytes_total", "Bytes of the bodies of answers.");
        for (int loop = 0; loop < loops; loop++) {
            known.add(new IdentityHashMap<>());
        }
    }

    void failed(Exchange exchange, String reason) {
        failures.of(label(exchange), route(exchange.rule().source().name()), reason)
                .inc();
    }

    void limited(Exchange exchange) {
        limited.of(label(exchange), route(exchange.rule().source().name())).inc();
    }

    /** So that these tell no more hosts apart than requests do. */
    private String label(Exchange exchange) {
        Map<String, Series> hosts = known.get(exchange.loop().index()).get(exchange.rule());
        String host = exchange.request().host();
        return hosts == null || hosts.size() < MAX_HOSTS || hosts.containsKey(host) ? host : OTHER;
    }

    void done(Exchange exchange, long nanos) {
        Map<Rule, Map<String, Series>> rules = known.get(exchange.loop().index());
        Map<String, Series> hosts = rules.get(exchange.rule());
        if (hosts == null) {
            if (rules.size() >= MAX_RULES) {
                rules.clear();
            }
            hosts = new HashMap<>(4);
            rules.put(exchange.rule(), hosts);
        }
        boolean unrouted = exchange.rule().source().equals(HttpRule.NOT_FOUND);
        String host = unrouted ? "" : exchange.request().host();
        Series series = hosts.get(host);
        if (series == null) {
            series = series(exchange, hosts, host);
        }
        int code = Math.clamp(exchange.status() / 100, 0, 5);
        Counter counter = series.byClass[code];
        if (counter == null) {
            String label = hosts.containsKey(host) ? host : OTHER;
            counter = requests.of(label, route(exchange.rule().source().name()), code + "xx");
            series.byClass[code] = counter;
        }
        counter.inc();
        series.seconds.observe(nanos / 1e9);
        if (exchange.received() > 0) {
            received.add(exchange.received());
        }
        sent.add(exchange.sent());
    }

    private Series series(Exchange exchange, Map<String, Series> hosts, String host) {
        String label = hosts.size() < MAX_HOSTS ? host : OTHER;
        String route = route(exchange.rule().source().name());
        return hosts.computeIfAbsent(label, name -> new Series(seconds.of(name, route)));
    }

    private static String route(RuleName name) {
        return name.kind().isEmpty()
                ? ""
                : name.kind() + "/" + name.namespace() + "/" + name.name() + "/" + name.rule();
    }
}
