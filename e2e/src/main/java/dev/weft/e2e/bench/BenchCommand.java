package dev.weft.e2e.bench;

import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.weft.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lab bench}. */
@Command(name = "bench", description = "Measures Weft and its peers in one run.", mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    /** What can be measured. */
    enum Name {
        CNI("cni"),
        SERVICE_PROXY("service-proxy"),
        SERVICE_PATHS("service-paths"),
        NETWORK_POLICY("network-policy"),
        DNS("dns"),
        INGRESS("ingress");

        private final String option;

        Name(String option) {
            this.option = option;
        }

        @Override
        public String toString() {
            return option;
        }
    }

    @Parameters(index = "0", description = "what to measure: ${COMPLETION-CANDIDATES}")
    private Name name = Name.CNI;

    @Option(names = "--release", description = "the images' tag", required = true)
    private String release = "";

    @Option(
            names = "--rounds",
            description = "interleaved runs (default: 5 of cni, 1 of service-proxy, 60 of service-paths, 5 of"
                    + " network-policy, 3 of dns, 5 of ingress)")
    private int rounds;

    @Option(
            names = "--sizes",
            split = ",",
            description =
                    "service-proxy, service-paths: how many Services, x endpoints of each (default: ${DEFAULT-VALUE})",
            defaultValue = "1000,10000,10000x10,30000")
    private List<String> sizes = new ArrayList<>();

    @Option(
            names = "--seconds",
            description = "service-proxy: how long to change endpoints (default: ${DEFAULT-VALUE})",
            defaultValue = "30")
    private int seconds = 30;

    @Option(
            names = "--changes",
            description = "network-policy: how often a policy comes and goes (default: ${DEFAULT-VALUE})",
            defaultValue = "200")
    private int changes = 200;

    @Option(
            names = "--only",
            description =
                    "cni: only links, latencies or memory; service-proxy: only weft or only kube-proxy; network-policy:"
                            + " only weft or only kube-router; ingress: only speed or only routes, which are memory"
                            + " and changes",
            defaultValue = "")
    private String only = "";

    @Option(
            names = "--pause",
            description = "service-proxy: once Services are written, which makes much work, wait for a line on the"
                    + " standard input before measuring")
    private boolean pause;

    @Option(names = "--root", description = "top folder of the repository (default: here)", defaultValue = ".")
    private Path root = Path.of(".");

    @Override
    public Integer call() throws IOException {
        Progress progress = Progress.printing(System.out);
        Path top = root.toAbsolutePath().normalize();
        CacheRoot cache = CacheRoot.of(System.getenv());
        Release files = Release.in(top, release);
        Measurements measurements = switch (name) {
            case CNI -> new CniBench(cache, files, only, rounds > 0 ? rounds : 5, progress).run();
            case SERVICE_PROXY -> new ServiceProxyBench(cache, files, services(), progress).run();
            case SERVICE_PATHS ->
                new ServicePathsBench(cache, files, sizes(), rounds > 0 ? rounds : 60, progress).run();
            case NETWORK_POLICY ->
                new NetworkPolicyBench(cache, files, only, rounds > 0 ? rounds : 5, changes, progress).run();
            case DNS ->
                new DnsBench(
                                cache,
                                imageRoot(top, "weft-dns"),
                                top.resolve("e2e/target/bench/dns"),
                                rounds > 0 ? rounds : 3,
                                progress)
                        .run();
            case INGRESS ->
                new IngressBench(
                                cache,
                                imageRoot(top, "weft-ingress"),
                                top.resolve("e2e/target/bench/ingress"),
                                only,
                                rounds > 0 ? rounds : 5,
                                progress)
                        .run();
        };
        String conditions = name == Name.INGRESS ? "; " + IngressBench.conditions() : "";
        Report report = new Report(machine() + conditions, measurements.rows());
        Path file = top.resolve("e2e/target/bench/" + name + ".json");
        report.write(file);
        System.out.println();
        System.out.print(report.table());
        System.out.println("written to " + root.resolve("e2e/target/bench").resolve(file.getFileName()));
        return 0;
    }

    /** The root folder of an image, as the build leaves it. */
    private static Path imageRoot(Path top, String image) {
        return top.resolve("bundle/target/images").resolve("work").resolve(image);
    }

    private ServiceProxyBench.Settings services() {
        return new ServiceProxyBench.Settings(
                sizes(), rounds > 0 ? rounds : 1, seconds, only, pause ? BenchCommand::awaitLine : () -> {});
    }

    private List<ServiceCount> sizes() {
        return sizes.stream()
                .filter(size -> !size.isEmpty())
                .map(ServiceCount::parse)
                .toList();
    }

    private static void awaitLine() {
        System.out.println("press return when the machine is quiet");
        IO.readln();
    }

    private static String machine() throws IOException {
        String memory = Files.readAllLines(Path.of("/proc/meminfo")).getFirst().replaceAll("\\D+", "");
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
        return "%d cores (%s), %d GB, Linux %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        model,
                        Long.parseLong(memory) / 1_000_000,
                        System.getProperty("os.version"));
    }
}
