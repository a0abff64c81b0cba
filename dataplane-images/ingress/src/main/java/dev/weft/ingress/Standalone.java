package dev.weft.ingress;

import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.config.IngressConfig;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.ObjectFiles;
import dev.weft.ingress.gateway.GatewayKinds;
import dev.weft.ingress.nginx.SelfSigned;
import dev.weft.ingress.proxy.Problem;
import dev.weft.ingress.proxy.ProxyServer;
import dev.weft.ingress.proxy.ProxySettings;
import dev.weft.kube.EventNote;
import dev.weft.kube.KubeException;
import dev.weft.net.Ip;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The proxy without a cluster: it serves what the YAML files of a folder say, and follows their changes. For trying things,
 * tests and measurements.
 */
final class Standalone implements AutoCloseable {
    static final String OPTIONS = "[http=8080] [https=8443] [class=nginx]... [log=false]";

    private static final Log LOG = Log.of("ingress");
    private static final long LOOK_MILLIS = 500;

    private final Path folder;
    private final Compiling compiling;
    private final ProxyServer proxy;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HostNames names = new HostNames(InetAddress::getAllByName, () -> {});
    private Map<Path, FileTime> seen = Map.of();
    private Map<String, List<Ip>> addresses = Map.of();
    private Set<EventNote> told = Set.of();

    private Standalone(Path folder, IngressConfig config, Metrics metrics) {
        this.folder = folder;
        this.compiling = new Compiling(config, SelfSigned.certificate("ingress.local"));
        this.proxy = new ProxyServer(ProxySettings.of(config), metrics, System.out::println);
    }

    /**
     * Serves.
     *
     * @param options as {@link #OPTIONS} names them
     * @throws UsageException if an option is not known or makes no sense
     * @throws IOException if a file cannot be read
     */
    static Standalone start(Path folder, List<String> options) throws UsageException, IOException {
        Standalone server = new Standalone(folder, config(options), new Metrics());
        server.proxy.start();
        server.load(server.times());
        Thread.ofPlatform().daemon().name("ingress-files").start(server::follow);
        return server;
    }

    static IngressConfig config(List<String> options) throws UsageException {
        Map<String, String> given = new HashMap<>(Map.of("http", "8080", "https", "8443", "log", "false"));
        Set<String> classes = new LinkedHashSet<>();
        for (String option : options) {
            String[] parts = option.split("=", 2);
            if (parts.length < 2 || !(given.containsKey(parts[0]) || parts[0].equals("class"))) {
                throw new UsageException("no option: " + option + "\noptions: " + OPTIONS);
            }
            if (parts[0].equals("class")) {
                classes.add(parts[1]);
            }
            given.put(parts[0], parts[1]);
        }
        try {
            return new IngressConfig(
                    List.of(URI.create("http://127.0.0.1")),
                    "weft-system",
                    classes.isEmpty() ? List.of("nginx") : List.copyOf(classes),
                    true,
                    Integer.parseInt(given.getOrDefault("http", "")),
                    Integer.parseInt(given.getOrDefault("https", "")),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    List.of(),
                    Boolean.parseBoolean(given.get("log")),
                    IngressConfig.Limits.DEFAULT,
                    10);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage() + "\noptions: " + OPTIONS);
        }
    }

    /** What is read of files. */
    static List<Kind<?>> kinds() {
        List<Kind<?>> kinds = new ArrayList<>(Kinds.ALL);
        kinds.addAll(GatewayKinds.ALL);
        return kinds;
    }

    private void follow() {
        try {
            while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            Map<Path, FileTime> now = times();
            names.refresh();
            if (!now.equals(seen) || !names.all().equals(addresses)) {
                load(now);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("the files are not taken; what was served before is served on", e, "folder", folder);
        }
    }

    private Map<Path, FileTime> times() throws IOException {
        Map<Path, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.of(folder)) {
            for (Path file : files.toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    private void load(Map<Path, FileTime> now) throws IOException {
        seen = now;
        ObjectFiles files = new ObjectFiles(kinds());
        files.readAll(folder);
        addresses = names.all();
        Cluster cluster = files.cluster().withAddresses(addresses);
        Compiling.Result result = compiling.compile(cluster);
        names.want(result.assembled().references().names());
        List<Problem> problems = proxy.swap(result.assembled().routing());
        problems.forEach(problem -> LOG.warn("not served", "listener", problem.listener(), "why", problem.reason()));
        Set<EventNote> notes = new LinkedHashSet<>();
        result.parts().forEach(part -> notes.addAll(part.notes()));
        for (EventNote note : notes) {
            if (!told.contains(note)) {
                LOG.warn(note.note(), "object", note.regarding().name(), "reason", note.reason());
            }
        }
        told = notes;
        LOG.info(
                "serving",
                "ports",
                proxy.ports(),
                "ingresses",
                cluster.all(Kinds.INGRESSES).size());
    }

    @Override
    public void close() {
        closed.countDown();
        proxy.close();
    }

    /** Reads a text, for checks. */
    static Cluster read(String text) throws IOException, KubeException {
        return ObjectFiles.cluster(kinds(), text);
    }
}
