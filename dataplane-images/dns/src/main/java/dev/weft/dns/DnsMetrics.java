package dev.weft.dns;

import dev.weft.agent.Metrics;
import dev.weft.dns.serve.Tally;
import dev.weft.dns.wire.Rcode;
import java.util.List;
import java.util.Map;

/** Counts of answers under the names that CoreDNS gives them, so that dashboards go on working. */
final class DnsMetrics {
    private static final String SERVER = "dns://:53";
    private static final String ZONE = ".";

    private DnsMetrics() {}

    /** Registers what the threads of a server count. */
    static void register(Metrics metrics, List<Tally> udp, Tally tcp) {
        protocol(metrics, "udp", udp);
        protocol(metrics, "tcp", List.of(tcp));
        for (int rcode = 0; rcode < Tally.RCODES; rcode++) {
            int number = rcode;
            metrics.counter(
                    "coredns_dns_responses_total",
                    "Answers given from memory, by rcode.",
                    Map.of("server", SERVER, "zone", ZONE, "view", "", "rcode", Rcode.name(rcode), "plugin", ""),
                    () -> udp.stream()
                                    .mapToLong(tally -> tally.responses(number))
                                    .sum()
                            + tcp.responses(number));
        }
        metrics.counter(
                "coredns_cache_hits_total",
                "Questions about others' names that the cache answered.",
                Map.of("server", SERVER, "type", "success", "zones", ZONE, "view", ""),
                () -> udp.stream().mapToLong(Tally::cacheHits).sum() + tcp.cacheHits());
        metrics.counter(
                "coredns_cache_misses_total",
                "Questions about others' names that were asked on.",
                Map.of("server", SERVER, "zones", ZONE, "view", ""),
                () -> udp.stream().mapToLong(Tally::cacheMisses).sum() + tcp.cacheMisses());
        metrics.counter(
                "coredns_cache_requests_total",
                "Questions about others' names.",
                Map.of("server", SERVER, "zones", ZONE, "view", ""),
                () -> udp.stream()
                                .mapToLong(tally -> tally.cacheHits() + tally.cacheMisses())
                                .sum()
                        + tcp.cacheHits()
                        + tcp.cacheMisses());
    }

    private static void protocol(Metrics metrics, String protocol, List<Tally> tallies) {
        for (int i = 0; i < Tally.kinds(); i++) {
            int index = i;
            metrics.counter(
                    "coredns_dns_requests_total",
                    "Questions, by type.",
                    Map.of(
                            "server",
                            SERVER,
                            "zone",
                            ZONE,
                            "view",
                            "",
                            "proto",
                            protocol,
                            "family",
                            "0",
                            "type",
                            Tally.name(i)),
                    () -> tallies.stream()
                            .mapToLong(tally -> tally.requests(index))
                            .sum());
        }
    }
}
