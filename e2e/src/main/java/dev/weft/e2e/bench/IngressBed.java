package dev.weft.e2e.bench;

import dev.weft.e2e.bench.WebLoad.Door;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Netns;
import dev.weft.e2e.lab.Wait;
import dev.weft.e2e.process.Commands;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.ProgramCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Proxies with the same routes beside each other, and the servers behind them, in a network namespace of their own: ports are
 * free there, and no other program is reached. All ends with it, also when the benchmark is interrupted; what a killed one
 * left is ended by the next.
 */
final class IngressBed implements AutoCloseable {
    static final Netns NETNS = new Netns("weft-bench-ingress");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MEGABYTE = 1_000_000;

    private final Path work;
    private final Cores cores;
    private final Netbench netbench;
    private final WebLoad load;
    private final Progress progress;
    private final List<Running> running = new ArrayList<>();
    private final List<Process> backends = new ArrayList<>();
    private final Thread atExit = new Thread(this::end);

    /** A proxy that runs. */
    record Running(IngressProxy proxy, Path folder, Process process) {
        String name() {
            return proxy.name();
        }

        Door door() {
            return new Door("127.0.0.1:" + proxy.port(), "127.0.0.1:" + (proxy.port() + 1));
        }

        ProcessTree processes() {
            return new ProcessTree(name(), process.toHandle());
        }
    }

    /** @param work takes files */
    IngressBed(Path work, Cores cores, Netbench netbench, WebLoad load, Progress progress) {
        this.work = work;
        this.cores = cores;
        this.netbench = netbench;
        this.load = load;
        this.progress = progress;
    }

    /** Starts the servers behind the proxies, and who sends messages of WebSockets back. */
    void open() throws IOException {
        end();
        Runtime.getRuntime().addShutdownHook(atExit);
        Commands.run("rm", "-rf", work.toString());
        Files.createDirectories(work.resolve("backend"));
        NETNS.create();
        NETNS.ip("address add " + IngressRoutes.BACKEND + "/32 dev lo");
        // Above all that listens; handshakes take a port each.
        Commands.run(NETNS.enter(List.of("sh", "-c", "echo 10000 65535 > /proc/sys/net/ipv4/ip_local_port_range")));
        Files.write(work.resolve("1m"), new byte[MEGABYTE]);
        Path config = Files.writeString(work.resolve("backend.conf"), backend());
        backends.add(background(
                "backend", cores.backend(), List.of("/usr/sbin/nginx", "-c", config.toString(), "-e", "stderr")));
        backends.add(background(
                "echo",
                cores.backend(),
                netbench.command("web-echo", "--listen", IngressRoutes.BACKEND + ":" + IngressRoutes.ECHO)));
        certificate();
    }

    /** Starts the proxies, one after the other, until each of them answers. */
    List<Running> start(List<IngressProxy> proxies, IngressRoutes routes) throws IOException {
        for (IngressProxy proxy : proxies) {
            progress.step("starting " + proxy.name() + " with " + routes.count() + " routes");
            Path folder = work.resolve(proxy.name());
            Commands.run("rm", "-rf", folder.toString());
            Files.createDirectories(folder);
            for (String file : List.of("tls.crt", "tls.key", "tls.pem")) {
                Files.writeString(folder.resolve(file), Files.readString(work.resolve(file)));
            }
            proxy.files(routes, folder).forEach((name, text) -> write(folder.resolve(name), text));
            if (proxy instanceof WeftInCluster cluster) {
                load.write(cluster.api().kubeconfig(), folder.resolve("objects.json"));
            }
            Process process = background(proxy.name(), cores.proxy(), proxy.command(folder));
            Running started = new Running(proxy, folder, process);
            running.add(started);
            awaitAnswers(started);
        }
        return List.copyOf(running);
    }

    /** Starts an API server without routes. */
    BenchApiServer api(ProgramCache programs) throws IOException {
        Path folder = Files.createDirectories(work.resolve("api"));
        BenchApiServer api = new BenchApiServer(folder);
        // The first to start is the last to end: etcd.
        api.start(programs, (name, command) -> backends.addFirst(background(name, cores.backend(), command)));
        return api;
    }

    /** The servers themselves, for what the load and they can do without a proxy between. */
    static Door direct() {
        return new Door(IngressRoutes.BACKEND + ":" + IngressRoutes.PLAIN, "");
    }

    private void awaitAnswers(Running started) {
        Door door = started.door();
        for (List<String> url : List.of(
                List.of("--header", "Host: " + IngressRoutes.plain().host(), "http://" + door.http()),
                List.of("--header", "Host: " + IngressRoutes.changed(0).host(), "http://" + door.http()),
                List.of("--insecure", "--connect-to", "::" + door.https(), "https://" + IngressRoutes.TLS.host()))) {
            List<String> curl = new ArrayList<>(List.of("curl", "--silent", "--fail", "--max-time", "5"));
            curl.addAll(url);
            Wait.until(
                    started.name() + " to answer, see " + log(started.name()), PATIENCE, Duration.ofMillis(100), () -> {
                        if (started.process().isAlive()) {
                            Commands.run(NETNS.enter(curl));
                        }
                        return true;
                    });
            if (!started.process().isAlive()) {
                throw new LabException(started.name() + " ended, see " + log(started.name()));
            }
        }
    }

    private Process background(String name, int core, List<String> command) {
        List<String> pinned = new ArrayList<>(List.of("taskset", "--cpu-list", Integer.toString(core)));
        pinned.addAll(command);
        return Commands.background(NETNS.enter(pinned), log(name));
    }

    private Path log(String name) {
        return work.resolve(name + ".log");
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void certificate() throws IOException {
        Path certificate = work.resolve("tls.crt");
        Path key = work.resolve("tls.key");
        SelfSigned.make("bench", "DNS:" + IngressRoutes.TLS.host(), certificate, key);
        Files.writeString(work.resolve("tls.pem"), Files.readString(certificate) + Files.readString(key));
    }

    private String backend() {
        return """
                user root;
                worker_processes 1;
                worker_rlimit_nofile 16384;
                daemon off;
                pid %1$s/backend.pid;
                error_log stderr warn;
                events {
                    worker_connections 8192;
                }
                http {
                    access_log off;
                    default_type text/plain;
                    sendfile on;
                    tcp_nopush on;
                    open_file_cache max=10;
                    keepalive_requests 1000000000;
                    keepalive_timeout 1h;
                    client_body_temp_path %1$s/backend/body;
                    proxy_temp_path %1$s/backend/proxy;
                    fastcgi_temp_path %1$s/backend/fastcgi;
                    uwsgi_temp_path %1$s/backend/uwsgi;
                    scgi_temp_path %1$s/backend/scgi;
                    server {
                        listen %2$s:%3$d;
                        location / {
                            return 200 "%6$s";
                        }
                        location = /1m {
                            root %1$s;
                        }
                    }
                    server {
                        listen %2$s:%4$d;
                        return 200 blue;
                    }
                    server {
                        listen %2$s:%5$d;
                        return 200 green;
                    }
                }
                """.formatted(
                        work,
                        IngressRoutes.BACKEND,
                        IngressRoutes.PLAIN,
                        IngressRoutes.BLUE,
                        IngressRoutes.GREEN,
                        "weft".repeat(16));
    }

    /** Ends the proxies; the servers stay. */
    void stop() {
        running.forEach(proxy -> proxy.process().destroy());
        running.forEach(proxy -> await(proxy.process()));
        running.clear();
    }

    private static void await(Process process) {
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            progress.step("interrupted"); // the hook runs, or has run
        }
    }

    private synchronized void end() {
        stop();
        backends.forEach(Process::destroy);
        backends.forEach(IngressBed::await);
        backends.clear();
        if (NETNS.exists()) {
            for (long pid : NETNS.processes()) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
            NETNS.delete();
        }
    }
}
