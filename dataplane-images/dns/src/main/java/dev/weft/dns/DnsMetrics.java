package dev.weft.dns;

import dev.weft.agent.Histogram;
import dev.weft.agent.Metrics;
import dev.weft.config.DnsStatus;
import dev.weft.dns.serve.Tally;
import dev.weft.dns.wire.Rcode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;

/** What the server counts, under the names that CoreDNS gives it, so that dashboards and alerts go on working. */
final class DnsMetrics {
    /** CoreDNS' label {@code family}. */
    private static final List<String> FAMILIES = List.of("1", "2");

    private static final Map<String, String> SERVER = Map.of("server", "dns://:53", "zone", ".", "view", "");
    private static final Map<String, String> CACHE = Map.of("server", "dns://:53", "zones", ".", "view", "");

    private DnsMetrics() {}

    /** From the trigger of a change of endpoints, as the controller wrote it down, until their names are served. */
    static Histogram programming(Metrics metrics) {
        List<Double> seconds = DoubleStream.iterate(0.001, bound -> 2 * bound)
                .limit(20)
                .boxed()
                .toList();
        return metrics.histograms(
                        "coredns_kubernetes_dns_programming_duration_seconds",
                        "Time from a change of endpoints to their names.",
                        seconds,
                        "service_kind")
                .of("headless_with_selector");
    }

    /** Registers what the threads of a server count. */
    static void register(Metrics metrics, Listeners listeners, String version) {
        metrics.info(
                "coredns_build_info",
                "The program.",
                Map.of("version", "weft-" + version, "revision", "", "goversion", ""));
        for (String plugin :
                List.of("cache", "errors", "forward", "hosts", "kubernetes", "loadbalance", "loop", "prometheus")) {
            metrics.info("coredns_plugin_enabled", "What CoreDNS calls plugins.", with(SERVER, "name", plugin));
        }
        List<Tally> udp = listeners.udpTallies();
        List<Tally> tcp = List.of(listeners.tcpTally());
        protocol(metrics, "udp", udp);
        protocol(metrics, "tcp", tcp);
        List<Tally> all = new ArrayList<>(udp);
        all.addAll(tcp);
        for (int rcode = 0; rcode < Tally.RCODES; rcode++) {
            int number = rcode;
            Map<String, String> labels = with(with(SERVER, "rcode", Rcode.name(rcode)), "plugin", "");
            metrics.counter(
                    "coredns_dns_responses_total", "Answers.", labels, () -> sum(all, t -> t.responses(number)));
        }
        metrics.counter(
                "coredns_dns_do_requests_total", "Questions with the DO bit.", SERVER, () -> sum(all, Tally::dnssecOk));
        metrics.histogram(
                "coredns_dns_request_duration_seconds",
                "From a question's arrival to its answer.",
                SERVER,
                () -> Tally.durations(all));
        cache(metrics, all);
    }

    private static void cache(Metrics metrics, List<Tally> all) {
        for (Tally.Cached hit : List.of(Tally.Cached.SUCCESS, Tally.Cached.DENIAL)) {
            metrics.counter(
                    "coredns_cache_hits_total",
                    "Questions about others' names that the cache answered.",
                    with(CACHE, "type", hit == Tally.Cached.SUCCESS ? "success" : "denial"),
                    () -> sum(all, tally -> tally.cached(hit)));
        }
        metrics.counter(
                "coredns_cache_misses_total",
                "Questions about others' names that were asked on.",
                CACHE,
                () -> sum(all, tally -> tally.cached(Tally.Cached.MISS)));
        metrics.counter(
                "coredns_cache_requests_total",
                "Questions about others' names.",
                CACHE,
                () -> sum(
                        all,
                        tally -> tally.cached(Tally.Cached.SUCCESS)
                                + tally.cached(Tally.Cached.DENIAL)
                                + tally.cached(Tally.Cached.MISS)));
    }

    private static void protocol(Metrics metrics, String protocol, List<Tally> tallies) {
        Map<String, String> labels = with(SERVER, "proto", protocol);
        for (int i = 0; i < FAMILIES.size(); i++) {
            int family = i;
            for (int k = 0; k < Tally.kinds(); k++) {
                int kind = k;
                metrics.counter(
                        "coredns_dns_requests_total",
                        "Questions, by type.",
                        with(with(labels, "family", FAMILIES.get(i)), "type", Tally.name(k)),
                        () -> sum(tallies, tally -> tally.requests(family, kind)));
            }
        }
        metrics.histogram(
                "coredns_dns_request_size_bytes", "Sizes of questions.", labels, () -> Tally.requestBytes(tallies));
        metrics.histogram(
                "coredns_dns_response_size_bytes", "Sizes of answers.", labels, () -> Tally.responseBytes(tallies));
    }

    /** Registers what is known of the cluster, of others and of the configuration. */
    static void register(Metrics metrics, Supplier<Parts> parts, ClusterFeed feed, Supplier<DnsStatus.Config> config) {
        feed.register(metrics);
        metrics.gauge(
                "weft_dns_names",
                "Names of the cluster.",
                () -> parts.get().serving().zone().table().size());
        metrics.gauge(
                "coredns_hosts_entries",
                "Names that the configuration gives addresses to.",
                () -> parts.get().serving().hosts().size());
        metrics.gauge(
                "weft_dns_upstreams_looping",
                "Upstream servers that ask this server in turn.",
                () -> count(parts, DnsStatus.Upstream::looping));
        metrics.gauge(
                "weft_dns_upstreams_up", "Upstream servers that answer.", () -> count(parts, DnsStatus.Upstream::up));
        metrics.gauge(
                "coredns_cache_entries",
                "Answers in the cache.",
                with(CACHE, "type", "success"),
                () -> parts.get().forwarding().cacheEntries());
        metrics.gauge(
                "weft_dns_config_taken",
                "Whether the latest configuration is in force.",
                () -> config.get().taken() ? 1 : 0);
    }

    private static double count(Supplier<Parts> parts, Predicate<DnsStatus.Upstream> which) {
        return parts.get().forwarding().status().stream().filter(which).count();
    }

    private static double sum(List<Tally> tallies, ToLongFunction<Tally> value) {
        return tallies.stream().mapToLong(value).sum();
    }

    private static Map<String, String> with(Map<String, String> labels, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put(name, value);
        return more;
    }
}
