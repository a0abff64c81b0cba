package dev.weft.e2e.bench;

import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.weft.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lab bench}. */
@Command(name = "bench", description = "Measures Weft and its peers in one run.", mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    /** What can be measured. */
    enum Name {
        CNI
    }

    @Parameters(index = "0", description = "what to measure: ${COMPLETION-CANDIDATES}")
    private Name name = Name.CNI;

    @Option(names = "--release", description = "the images' tag", required = true)
    private String release = "";

    @Option(names = "--rounds", description = "interleaved runs (default: ${DEFAULT-VALUE})", defaultValue = "5")
    private int rounds = 5;

    @Option(names = "--root", description = "top folder of the repository (default: here)", defaultValue = ".")
    private Path root = Path.of(".");

    @Override
    public Integer call() throws IOException {
        Progress progress = Progress.printing(System.out);
        Path top = root.toAbsolutePath().normalize();
        Measurements measurements = switch (name) {
            case CNI -> new CniBench(CacheRoot.of(System.getenv()), Release.in(top, release), rounds, progress).run();
        };
        Report report = new Report(machine(), measurements.rows());
        Path file = top.resolve("e2e/target/bench/" + name.name().toLowerCase(Locale.ROOT) + ".json");
        report.write(file);
        System.out.println();
        System.out.print(report.table());
        System.out.println("written to " + root.resolve("e2e/target/bench").resolve(file.getFileName()));
        return 0;
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
