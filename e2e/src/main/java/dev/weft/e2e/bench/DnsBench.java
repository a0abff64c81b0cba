package dev.weft.e2e.bench;

import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.process.Commands;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.DebianPackages;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code make bench NAME=dns}: Weft's DNS server beside CoreDNS with its cache, and Knot, each on one processor, dnsperf
 * on two others. Weft runs from what is in its image, on a file of objects; the peers have the same names as a zone file.
 *
 * <p>What a server costs is told by its processor time for a question: rates also show how fast dnsperf is.
 */
final class DnsBench {
    private static final int SERVICES = 10_000;
    private static final int SECONDS = 5;
    private static final int LIGHT = 40_000;
    private static final double TICK_MICROS = 10_000; // USER_HZ is 100 on every architecture that matters

    private final CacheRoot cache;
    private final Path image;
    private final Path work;
    private final int rounds;
    private final Progress progress;
    private final DnsPerf client = new DnsPerf("2,3");
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

    private record Server(String name, int port, Process process) {}

    Measurements run() throws IOException {
        new DebianPackages(progress)
                .require(Map.of(
                        "/usr/bin/dnsperf", "dnsperf", "/usr/sbin/knotd", "knot", "/usr/bin/taskset", "util-linux"));
        DnsNames.Written names = new DnsNames(SERVICES).write(work);
        List<Server> servers = new ArrayList<>();
        try {
            // Knot also plays the server that others' names are asked of.
            servers.add(start("knot", 5398, knot(names.zone())));
            servers.add(start("weft", 5397, weft(names.objects())));
            servers.add(start("coredns", 5396, coreDns(names.zone())));
            measure(names, servers);
        } finally {
            servers.forEach(server -> server.process().destroy());
        }
        return measurements;
    }

    private void measure(DnsNames.Written names, List<Server> servers) {
        Map<String, Path> kinds = new LinkedHashMap<>();
        kinds.put("Services", names.hits());
        kinds.put("NXDOMAIN", names.missing());
        kinds.put("mixed", names.mixed());
        for (Server server : servers) {
            for (Path questions : kinds.values()) {
                client.flood(server.port(), questions, SECONDS); // caches fill, code is compiled
            }
        }
        for (int round = 1; round <= rounds; round++) {
            progress.step("round " + round + " of " + rounds);
            kinds.forEach((kind, questions) -> servers.forEach(server -> flood(server, kind, questions)));
            servers.forEach(server -> light(server, names.hits()));
        }
        for (Server server : servers) {
            if (!server.name().equals("knot")) {
                flood(server, "forwarded", names.forwarded());
            }
            measurements.add(Metric.lower("RSS after all", "MB"), server.name(), residentMegabytes(server));
        }
    }

    private void flood(Server server, String kind, Path questions) {
        double before = processorMicros(server);
        DnsPerf.Run run = client.flood(server.port(), questions, SECONDS);
        double each = (processorMicros(server) - before) / run.completed();
        measurements.add(Metric.higher("rate, " + kind, "k/s"), server.name(), run.perSecond() / 1000);
        measurements.add(Metric.lower("processor time, " + kind, "us"), server.name(), each);
    }

    private void light(Server server, Path questions) {
        double[] millis = client.latencies(server.port(), questions, SECONDS, LIGHT);
        measurements.add(Metric.lower("p50 at 40k/s", "ms"), server.name(), millis[millis.length / 2]);
        measurements.add(Metric.lower("p99 at 40k/s", "ms"), server.name(), millis[(int) (millis.length * 0.99)]);
    }

    private Server start(String name, int port, List<String> command) {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", "1"));
        pinned.addAll(command);
        Process process = Commands.background(pinned, work.resolve(name + ".log"));
        Path probe = work.resolve("probe");
        long deadline = System.nanoTime() + 60_000_000_000L;
        try {
            Files.writeString(probe, "svc-1.ns1.svc.cluster.local A\n");
            while (client.flood(port, probe, 1).completed() == 0) {
                if (System.nanoTime() > deadline || !process.isAlive()) {
                    process.destroy();
                    throw new LabException(name + " does not answer, see " + work.resolve(name + ".log"));
                }
            }
        } catch (IOException e) {
            throw new LabException("cannot write " + probe, e);
        }
        return new Server(name, port, process);
    }

    private List<String> weft(Path objects) throws IOException {
        Path inside = image.resolve("tmp/objects.json");
        Files.createDirectories(inside.getParent());
        Files.createDirectories(image.resolve("proc"));
        Files.copy(objects, inside, StandardCopyOption.REPLACE_EXISTING);
        String java = "/opt/java/bin/java @/app/weft-dns serve /tmp/objects.json port=5397 threads=1"
                + " upstream=127.0.0.1:5398";
        return List.of(
                "env",
                "MALLOC_ARENA_MAX=1",
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t proc proc " + image + "/proc && exec chroot " + image + " " + java);
    }

    private List<String> knot(Path zone) throws IOException {
        Path folder = Files.createDirectories(work.resolve("knot"));
        Path config = Files.writeString(work.resolve("knot.conf"), """
                server:
                    listen: 127.0.0.1@5398
                    rundir: %1$s
                    udp-workers: 1
                    tcp-workers: 1
                    background-workers: 1
                database:
                    storage: %1$s
                zone:
                  - domain: cluster.local
                    file: %2$s
                  - domain: example.com
                    file: %1$s/example.zone
                """.formatted(folder, zone));
        Files.writeString(folder.resolve("example.zone"), """
                $ORIGIN example.com.
                @ 3600 SOA ns hostmaster 1 7200 1800 86400 30
                @ 3600 NS ns
                * 3600 A 192.0.2.1
                """);
        return List.of("knotd", "-c", config.toString());
    }

    private List<String> coreDns(Path zone) throws IOException {
        Path corefile = Files.writeString(work.resolve("Corefile"), """
                .:5396 {
                    bind 127.0.0.1
                    cache 3600
                    loadbalance
                    file %s cluster.local
                    forward . 127.0.0.1:5398
                }
                """.formatted(zone));
        Path program = new ProgramCache(cache, progress).program(GoModule.COREDNS, "coredns");
        return List.of("env", "GOMAXPROCS=1", program.toString(), "-conf", corefile.toString());
    }

    /** User and system time: fields 14 and 15 of proc_pid_stat(5). */
    private static double processorMicros(Server server) {
        String[] fields = read(server, "stat").replaceFirst(".*\\) ", "").split(" ");
        return (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) * TICK_MICROS;
    }

    private static double residentMegabytes(Server server) {
        String line = read(server, "status")
                .lines()
                .filter(text -> text.startsWith("VmRSS"))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(line.replaceAll("\\D+", "")) / 1024;
    }

    /** setsid, taskset, env, unshare and sh become the program they start: the number stays. */
    private static String read(Server server, String file) {
        try {
            return Files.readString(
                    Path.of("/proc", Long.toString(server.process().pid()), file));
        } catch (IOException e) {
            throw new LabException(server.name() + " is gone", e);
        }
    }
}
