package dev.weft.e2e.bench;

import dev.weft.e2e.bench.IngressBed.Running;
import dev.weft.e2e.bench.WebLoad.Door;
import dev.weft.e2e.bench.WebLoad.Latencies;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.DebianPackages;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@code make bench NAME=ingress}: Weft's ingress proxy beside nginx, HAProxy and Caddy, all on one core, one asked at a
 * time, the load and one server for all on others. Weft runs from what is in its image: on a folder of objects for what is
 * about speed, and with a real API server for memory and changes.
 *
 * <p>Each round measures all of them, in another order. What a proxy costs is told by its processor time for a request: with
 * two cores, rates also show how fast those are who ask. {@code no proxy} is the load straight at the server, which share a
 * core then: what is near to it was not limited by the proxy.
 */
final class IngressBench {
    static final String DIRECT = "no proxy";
    private static final String SPEED = "speed";
    private static final String ROUTES = "routes";
    private static final String FILES = "weft-files";

    private static final int SECONDS = 4;
    private static final int WARM_SECONDS = 6;
    private static final int FEW = 10;
    private static final int CHANGES = 50;
    private static final double PART = 0.7;
    private static final double MESSAGES = 5000;
    private static final double LIGHT = 5000;
    private static final List<Integer> SIZES = List.of(10, 1000, 10_000);

    private final CacheRoot cache;
    private final WeftImage image;
    private final Path work;
    private final String only;
    private final int rounds;
    private final Progress progress;
    private final Cores cores = cores();
    private final Measurements measurements = new Measurements();
    private final Map<String, Long> failed = new HashMap<>();

    /**
     * @param image the root folder of Weft's image
     * @param work takes files
     * @param only {@code speed} for that with few routes alone, {@code routes} for memory and changes, or nothing for both
     */
    IngressBench(CacheRoot cache, Path image, Path work, String only, int rounds, Progress progress) {
        if (!List.of("", SPEED, ROUTES).contains(only)) {
            throw new LabException(
                    "of ingress, only " + SPEED + " or only " + ROUTES + " can be measured, not " + only);
        }
        this.cache = cache;
        this.image = new WeftImage(image);
        this.work = work;
        this.only = only;
        this.rounds = rounds;
        this.progress = progress;
    }

    /** How this machine's cores are given, for people. */
    static String conditions() {
        return cores().told();
    }

    private static Cores cores() {
        return Cores.of(Runtime.getRuntime().availableProcessors());
    }

    Measurements run() throws IOException {
        new DebianPackages(progress)
                .require(Map.of(
                        "/usr/sbin/nginx", "nginx",
                        "/usr/sbin/haproxy", "haproxy",
                        "/usr/bin/caddy", "caddy",
                        "/usr/bin/wrk", "wrk",
                        "/usr/bin/h2load", "nghttp2-client",
                        "/usr/bin/openssl", "openssl",
                        "/usr/bin/curl", "curl",
                        "/usr/bin/taskset", "util-linux"));
        ProgramCache programs = new ProgramCache(cache, progress);
        Netbench netbench = new Netbench(programs.program(GoModule.NETBENCH, "netbench"));
        WebLoad load = new WebLoad(IngressBed.NETNS, cores.load(), netbench);
        progress.step(conditions());
        try (IngressBed bed = new IngressBed(work, cores, netbench, load, progress)) {
            bed.open();
            List<IngressProxy> peers = List.of(new NginxProxy(), new HaproxyProxy(), new CaddyProxy());
            if (!only.equals(ROUTES)) {
                speed(load, bed.start(with(peers, new WeftProxy(image, Measurements.WEFT)), new IngressRoutes(FEW)));
                bed.stop();
            }
            if (!only.equals(SPEED)) {
                BenchApiServer api = bed.api(programs);
                routes(load, bed, with(peers, new WeftInCluster(image, api), new WeftProxy(image, FILES)));
            }
        }
        failed.forEach((name, count) ->
                measurements.add(Metric.lower("failed requests, all loads", ""), name, count.doubleValue()));
        return measurements;
    }

    private static List<IngressProxy> with(List<IngressProxy> peers, IngressProxy... own) {
        return Stream.concat(Stream.of(own), peers.stream()).toList();
    }

    private void speed(WebLoad load, List<Running> all) {
        progress.step("warming up: code is compiled, connections are opened");
        for (Running proxy : all) {
            load.small(proxy.door(), 2 * WARM_SECONDS);
            load.multiplexed(proxy.door(), WARM_SECONDS);
            load.handshakes(proxy.door(), WARM_SECONDS);
            load.large(proxy.door(), WARM_SECONDS / 2);
            load.messages(proxy.door(), WARM_SECONDS / 2);
        }
        List<Running> turn = new ArrayList<>(all);
        for (int round = 1; round <= rounds; round++) {
            progress.step("round " + round + " of " + rounds);
            Map<String, Double> most = new HashMap<>();
            Door direct = IngressBed.direct();
            measurements.add(
                    Metric.higher("requests, small bodies", "k/s"),
                    DIRECT,
                    load.small(direct, SECONDS).perSecond() / 1000);
            for (Running proxy : turn) {
                most.put(
                        proxy.name(),
                        most(proxy, "requests, small bodies", 1000, () -> load.small(proxy.door(), SECONDS)));
            }
            for (Running proxy : turn) {
                most(proxy, "requests, HTTP/2 over TLS", 1000, () -> load.multiplexed(proxy.door(), SECONDS));
            }
            for (Running proxy : turn) {
                most(proxy, "TLS 1.3 handshakes", 1000, () -> load.handshakes(proxy.door(), SECONDS));
            }
            measurements.add(
                    Metric.higher("bodies of 1 MB", "MB/s"),
                    DIRECT,
                    load.large(direct, SECONDS).perSecond());
            for (Running proxy : turn) {
                most(proxy, "bodies of 1 MB", 1, () -> load.large(proxy.door(), SECONDS));
            }
            for (Running proxy : turn) {
                most(proxy, "WebSocket round trips", 1000, () -> load.messages(proxy.door(), SECONDS));
                latencies(proxy.name(), "WebSocket, 5k/s", load.messages(proxy.door(), MESSAGES, SECONDS));
            }
            double nginx = PART * most.getOrDefault("nginx", 0.0);
            latencies(DIRECT, "at 70 % of nginx' most", load.steady(direct, nginx, SECONDS));
            for (Running proxy : turn) {
                double own = most.getOrDefault(proxy.name(), 0.0);
                latencies(proxy.name(), "at 70 % of its most", load.steady(proxy.door(), PART * own, SECONDS));
                if (own > nginx) {
                    latencies(proxy.name(), "at 70 % of nginx' most", load.steady(proxy.door(), nginx, SECONDS));
                }
            }
            Collections.rotate(turn, 1);
        }
    }

    /**
     * Returns the rate.
     *
     * @param per what one of the rate's unit is
     */
    private double most(Running proxy, String what, double per, Supplier<WebRun> load) {
        double before = proxy.processes().cpuSeconds();
        long begin = System.nanoTime();
        WebRun run = load.get();
        double seconds = (System.nanoTime() - begin) / 1e9;
        double used = proxy.processes().cpuSeconds() - before;
        measurements.add(Metric.higher(what, per > 1 ? "k/s" : "MB/s"), proxy.name(), run.perSecond() / per);
        measurements.add(
                Metric.lower("processor time each, " + what, "us"), proxy.name(), used * 1e6 / run.completed());
        failed.merge(proxy.name(), run.failed(), Long::sum);
        progress.step(String.format(
                Locale.ROOT,
                "  %-8s %-28s %10.0f, its core %3.0f %% busy%s",
                proxy.name(),
                what,
                run.perSecond(),
                100 * used / seconds,
                run.failed() > 0 ? ", failed: " + run.failed() : ""));
        return run.perSecond();
    }

    private void latencies(String name, String when, Latencies latencies) {
        measurements.add(Metric.lower("p50 " + when, "ms"), name, latencies.p50Millis());
        measurements.add(Metric.lower("p99 " + when, "ms"), name, latencies.p99Millis());
        failed.merge(name, latencies.failed(), Long::sum);
    }

    private void routes(WebLoad load, IngressBed bed, List<IngressProxy> proxies) throws IOException {
        IngressChanges changes = new IngressChanges(load, work, measurements);
        for (int size : SIZES) {
            List<Running> all = bed.start(proxies, new IngressRoutes(size));
            memory(load, all, size);
            if (size > FEW) {
                for (Running proxy : all) {
                    progress.step(changes.measure(proxy, size, CHANGES));
                }
            }
            bed.stop();
        }
    }

    private void memory(WebLoad load, List<Running> all, int size) {
        for (Running proxy : all) {
            latencies(proxy.name(), size + " routes, 5k/s", load.steady(proxy.door(), LIGHT, SECONDS));
            load.multiplexed(proxy.door(), SECONDS / 2);
            double megabytes = proxy.processes().megabytes();
            measurements.add(Metric.lower("memory, " + size + " routes", "MB"), proxy.name(), megabytes);
            progress.step(String.format(Locale.ROOT, "  %-10s memory %10.1f MB", proxy.name(), megabytes));
        }
    }
}
