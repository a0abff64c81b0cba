package dev.weft.dns.forward;

import dev.weft.agent.Counter;
import dev.weft.agent.Histogram;
import dev.weft.agent.Labelled;
import dev.weft.agent.Metrics;
import java.util.List;
import java.util.stream.DoubleStream;

/** What is counted of asking others, under CoreDNS' names. Registered once; configurations come and go. */
public final class ForwardMetrics {
    private static final String PROXY = "forward";
    private static final String SERVER = "dns://:53";
    /** CoreDNS': 0.25 ms to 8 s. */
    private static final List<Double> SECONDS =
            DoubleStream.iterate(0.00025, bound -> 2 * bound).limit(16).boxed().toList();

    private final Labelled<Histogram> durations;
    private final Labelled<Counter> probeFailures;
    private final Labelled<Counter> keptHits;
    private final Labelled<Counter> keptMisses;
    private final Counter broken;
    private final Counter rejected;
    private final Labelled<Counter> stale;
    private final Labelled<Counter> prefetches;
    private final Labelled<Counter> evictions;
    private final Labelled<Counter> autopath;
    private final Labelled<Counter> translated;

    public ForwardMetrics(Metrics metrics) {
        durations = metrics.histograms(
                "coredns_proxy_request_duration_seconds",
                "Time until an upstream server's answer.",
                SECONDS,
                "proxy_name",
                "to",
                "rcode");
        probeFailures = metrics.counters(
                "coredns_proxy_healthcheck_failures_total",
                "Probes of upstream servers that failed.",
                "proxy_name",
                "to");
        keptHits = metrics.counters(
                "coredns_proxy_conn_cache_hits_total",
                "Questions on a connection there was.",
                "proxy_name",
                "to",
                "proto");
        keptMisses = metrics.counters(
                "coredns_proxy_conn_cache_misses_total",
                "Questions on a connection made for them.",
                "proxy_name",
                "to",
                "proto");
        broken = metrics.counter(
                "coredns_forward_healthcheck_broken_total", "Questions while no upstream server was up.");
        rejected = metrics.counter(
                "coredns_forward_max_concurrent_rejects_total", "Questions refused because too many waited.");
        stale = metrics.counters(
                "coredns_cache_served_stale_total", "Answers given past their time.", "server", "zones", "view");
        prefetches = metrics.counters(
                "coredns_cache_prefetch_total",
                "Answers asked for again before their time was over.",
                "server",
                "zones",
                "view");
        evictions = metrics.counters(
                "coredns_cache_evictions_total",
                "Answers that made room for others.",
                "server",
                "type",
                "zones",
                "view");
        autopath = metrics.counters(
                "coredns_autopath_success_total", "Search lists that were walked to an answer.", "server");
        translated = metrics.counters(
                "coredns_dns64_requests_translated_total", "Answers with addresses made from IPv4 ones.", "server");
        stale.of(SERVER, ".", "");
        prefetches.of(SERVER, ".", "");
        evictions.of(SERVER, "success", ".", "");
        autopath.of(SERVER);
        translated.of(SERVER);
    }

    Histogram duration(String to, String rcode) {
        return durations.of(PROXY, to, rcode);
    }

    void probeFailed(String to) {
        probeFailures.of(PROXY, to).inc();
    }

    void connection(String to, String protocol, boolean kept) {
        (kept ? keptHits : keptMisses).of(PROXY, to, protocol).inc();
    }

    void allBroken() {
        broken.inc();
    }

    void rejected() {
        rejected.inc();
    }

    long rejections() {
        return rejected.value();
    }

    void servedStale() {
        stale.of(SERVER, ".", "").inc();
    }

    long staleAnswers() {
        return stale.of(SERVER, ".", "").value();
    }

    void prefetched() {
        prefetches.of(SERVER, ".", "").inc();
    }

    long prefetches() {
        return prefetches.of(SERVER, ".", "").value();
    }

    void evicted() {
        evictions.of(SERVER, "success", ".", "").inc();
    }

    void walked() {
        autopath.of(SERVER).inc();
    }

    void translated() {
        translated.of(SERVER).inc();
    }
}
