package dev.weft.e2e.bench;

import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.process.Commands;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Weft's DNS server and its peers with the same names, all on one processor. */
final class DnsServers implements AutoCloseable {
    private static final double TICK_MICROS = 10_000; // USER_HZ is 100 on every architecture that matters

    private final CacheRoot cache;
    private final Path image;
    private final Path work;
    private final DnsPerf client;
    private final Progress progress;
    private final List<Server> servers = new ArrayList<>();

    /** One that runs. */
    record Server(String name, int port, Process process) {
        /** User and system time: fields 14 and 15 of proc_pid_stat(5). */
        double processorMicros() {
            String[] fields = read("stat").replaceFirst(".*\\) ", "").split(" ");
            return (Double.parseDouble(fields[11]) + Double.parseDouble(fields[12])) * TICK_MICROS;
        }

        double residentMegabytes() {
            String line = read("status")
                    .lines()
                    .filter(text -> text.startsWith("VmRSS"))
                    .findFirst()
                    .orElseThrow();
            return Double.parseDouble(line.replaceAll("\\D+", "")) / 1024;
        }

        /** setsid, taskset, env, unshare and sh become the program they start: the number stays. */
        private String read(String file) {
            try {
                return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
            } catch (IOException e) {
                throw new LabException(name + " is gone", e);
            }
        }
    }

    /**
     * @param image the root folder of Weft's image
     * @param work takes files
     */
    DnsServers(CacheRoot cache, Path image, Path work, DnsPerf client, Progress progress) {
        this.cache = cache;
        this.image = image;
        this.work = work;
        this.client = client;
        this.progress = progress;
    }

    /** Starts all with these names; Knot also plays the server that others' names are asked of. */
    List<Server> start(DnsNames.Written names) throws IOException {
        servers.add(start("knot", 5398, knot(names.zone())));
        servers.add(start(Measurements.WEFT, 5397, weft(names.objects())));
        servers.add(start("coredns", 5396, coreDns(names.zone())));
        return List.copyOf(servers);
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
                    cache {
                        success 20000
                        denial 20000
                    }
                    loadbalance
                    file %s cluster.local
                    forward . 127.0.0.1:5398
                }
                """.formatted(zone));
        Path program = new ProgramCache(cache, progress).program(GoModule.COREDNS, "coredns");
        return List.of("env", "GOMAXPROCS=1", program.toString(), "-conf", corefile.toString());
    }

    @Override
    public void close() {
        for (Server server : servers) {
            server.process().destroy();
            try {
                server.process().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException("interrupted", e);
            }
        }
        servers.clear();
    }
}
