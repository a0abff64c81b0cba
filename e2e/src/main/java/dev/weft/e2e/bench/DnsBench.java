package dev.weft.e2e.bench;

import dev.weft.e2e.bench.DnsServers.Server;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.DebianPackages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code make bench NAME=dns}: Weft's DNS server beside CoreDNS with its cache, and Knot, all on one processor, one asked at
 * a time, dnsperf on two others, or on the other one where there are two. Weft runs from what is in its image, on a file of objects; the peers have the same names as
 * a zone file, but for names of endpoints and reverse names, which Weft alone has.
 *
 * <p>What a server costs is told by its processor time for a question: rates also show how fast dnsperf is.
 */
final class DnsBench {
    private static final int SERVICES = 10_000;
    private static final List<Integer> SIZES = List.of(100, 10_000, 50_000);
    private static final int SECONDS = 4;
    private static final int LIGHT = 40_000;
    private static final double HEAVY = 0.8;

    private final CacheRoot cache;
    private final Path image;
    private final Path work;
    private final int rounds;
    private final Progress progress;
    private final DnsPerf client = new DnsPerf(clientProcessors());
    private final Measurements measurements = new Measurements();

    /**
     * @param image the root folder of Weft's image
     * @param work takes files
     */
    DnsBench(CacheRoot cache, Path image, Path work, int rounds, Progress progress) {
        this.cache = cache;
        this.image = image;
        this.work = work;
        this.rounds = rounds;
        this.progress = progress;
    }

    Measurements run() throws IOException {
        new DebianPackages(progress)
                .require(Map.of(
                        "/usr/bin/dnsperf", "dnsperf", "/usr/sbin/knotd", "knot", "/usr/bin/taskset", "util-linux"));
        DnsNames.Written names = new DnsNames(SERVICES).write(work);
        try (DnsServers servers = new DnsServers(cache, image, work, client, progress)) {
            measure(names, servers.start(names));
        }
        for (int size : SIZES) {
            progress.step("memory with " + size + " Services");
            memory(size);
        }
        return measurements;
    }

    private void measure(DnsNames.Written names, List<Server> servers) throws IOException {
        Map<String, Path> kinds = new LinkedHashMap<>();
        kinds.put("Services", names.hits());
        kinds.put("NXDOMAIN", names.missing());
        kinds.put("mixed", names.mixed());
        kinds.put("others', cached", names.known());
        kinds.put("others', asked on", names.unknown());
        for (Server server : servers) {
            for (Path questions : kinds.values()) {
                client.flood(server.port(), questions, SECONDS); // caches fill, code is compiled
            }
        }
        for (int round = 1; round <= rounds; round++) {
            progress.step("round " + round + " of " + rounds);
            Map<Server, Double> most = new HashMap<>();
            for (Server server : servers) {
                kinds.forEach((kind, questions) -> most.merge(server, flood(server, kind, questions), (a, b) -> a));
                latencies(server, names.hits(), "at 40k/s", LIGHT);
                latencies(server, names.hits(), "at 80 % of its most", (int) (HEAVY * most.getOrDefault(server, 0.0)));
            }
        }
    }

    /** Two, or the one that is left, apart from the servers'; as taskset takes them. */
    private static String clientProcessors() {
        return switch (Runtime.getRuntime().availableProcessors()) {
            case 1 -> throw new LabException("a server and those who ask it need a processor each, and there is one");
            case 2 -> "0";
            case 3 -> "0,2";
            default -> "2,3";
        };
    }

    /** Returns the rate. */
    private double flood(Server server, String kind, Path questions) {
        double before = server.processorMicros();
        DnsPerf.Run run = client.flood(server.port(), questions, SECONDS);
        double each = (server.processorMicros() - before) / run.completed();
        measurements.add(Metric.higher("rate, " + kind, "k/s"), server.name(), run.perSecond() / 1000);
        measurements.add(Metric.lower("processor seconds a million, " + kind, "s"), server.name(), each);
        return run.perSecond();
    }

    private void latencies(Server server, Path questions, String when, int perSecond) throws IOException {
        DnsPerf.Latencies latencies =
                client.latencies(server.port(), questions, SECONDS, perSecond, work.resolve("latencies"));
        measurements.add(Metric.lower("p50 " + when, "ms"), server.name(), latencies.millis(0.5));
        measurements.add(Metric.lower("p99 " + when, "ms"), server.name(), latencies.millis(0.99));
    }

    private void memory(int size) throws IOException {
        DnsNames.Written names = new DnsNames(size).write(work.resolve("of-" + size));
        try (DnsServers servers = new DnsServers(cache, image, work, client, progress)) {
            for (Server server : servers.start(names)) {
                client.latencies(server.port(), names.mixed(), SECONDS, LIGHT, work.resolve("latencies"));
                Metric metric = Metric.lower("RSS, " + size + " Services, 40k/s", "MB");
                measurements.add(metric, server.name(), server.residentMegabytes());
            }
        }
    }
}
