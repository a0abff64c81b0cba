package dev.weft.e2e.upstream;

import dev.weft.e2e.Labs;
import dev.weft.e2e.images.GatewayImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.lab.LabSpec;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.TemporaryLab;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import dev.weft.e2e.upstream.GatewayTestLines.End;
import dev.weft.e2e.weft.Kubectl;
import dev.weft.e2e.weft.Release;
import dev.weft.e2e.weft.Weft;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lab gateway}. */
@Command(
        name = "gateway",
        description = "The conformance tests of Gateway API, unmodified, on a fresh lab with Weft.",
        mixinStandardHelpOptions = true)
public final class GatewayCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String CLASS = "gateway-conformance";
    private static final String PROFILES = "GATEWAY-HTTP,GATEWAY-GRPC,GATEWAY-TLS,GATEWAY-TCP,GATEWAY-UDP";

    /** Of the lab's Service addresses, and none of them. */
    private static final String USABLE = "10.96.200.200";

    private static final String UNUSABLE = "203.0.113.200";

    private static final String GATEWAY_CLASS = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: {name: %s}
            spec: {controllerName: weft.dev/ingress}
            """.formatted(CLASS);

    @Option(names = "--name", description = "the lab's name (default: ${DEFAULT-VALUE})", defaultValue = "gateway")
    private String name = "gateway";

    @Option(names = "--focus", description = "the name of one test, instead of all")
    private String focus = "";

    @Option(names = "--skip", description = "names of tests to leave out, with commas between them")
    private String skip = "";

    @Option(
            names = "--spec",
            description = "the ClusterNetwork's spec, in flow style",
            defaultValue = "{ingress: {managementState: Managed}}")
    private String spec = "{ingress: {managementState: Managed}}";

    @Option(names = "--release", description = "the images' tag (default: ${DEFAULT-VALUE})", defaultValue = "0.1.0")
    private String release = "0.1.0";

    @Option(names = "--root", description = "top folder of the repository (default: here)", defaultValue = ".")
    private Path root = Path.of(".");

    @Option(names = "--keep", description = "leave the lab standing, for a look at what failed")
    private boolean keep;

    @Option(names = "--on", description = "run on the lab of that name that is up, and leave it standing")
    private boolean on;

    private final CacheRoot cache = CacheRoot.of(System.getenv());
    private final Progress progress = Progress.printing(System.out);
    private final ProgramCache programs = new ProgramCache(cache, progress);

    @Override
    public Integer call() {
        Path top = root.toAbsolutePath().normalize();
        Path output = top.resolve("e2e/target/gateway");
        LabName labName = new LabName(name);
        programs.folder(GoModule.GATEWAY_CONFORMANCE);
        if (on) {
            try (Lab lab = Lab.open(labName, cache, progress)) {
                return test(lab, output);
            }
        }
        Release weft = Release.in(top, release);
        List<Path> archives = new ArrayList<>(weft.archives());
        archives.addAll(new GatewayImages(cache, programs).archives());
        try (TemporaryLab _ = TemporaryLab.begin(labName, cache, progress, keep);
                Lab lab = new Labs(cache, progress).up(new LabSpec(labName, 2, Set.of(), archives))) {
            install(lab, weft);
            return test(lab, output);
        }
    }

    private void install(Lab lab, Release weft) {
        progress.step("installing Weft and the CRDs of Gateway API");
        Weft installed = new Weft(lab);
        installed.installWithoutServices();
        installed.install(weft);
        installed.apply(spec);
        crds().forEach(file -> kubectl(lab).run("apply", "--server-side", "--filename", file.toString()));
        installed.awaitReady(PATIENCE);
    }

    /** The experimental channel has what the standard one has, and the fields of features that are tested too. */
    private List<Path> crds() {
        Path folder = programs.source(GoModule.GATEWAY_CONFORMANCE, "sigs.k8s.io/gateway-api")
                .resolve("config/crd/experimental");
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("gateway."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Kubectl kubectl(Lab lab) {
        return new Kubectl(
                programs.program(GoModule.KUBERNETES, "kubectl"), lab.paths().kubeconfig());
    }

    private int test(Lab lab, Path output) {
        kubectl(lab).apply(GATEWAY_CLASS);
        progress.step("running the tests; log and report go to " + output);
        GatewayTestLines lines = new GatewayTestLines(progress);
        Path log = output.resolve("conformance.log");
        try {
            Files.createDirectories(output);
            Process process = new ProcessBuilder(node(lab, command(lab, output)))
                    .redirectErrorStream(true)
                    .directory(output.toFile())
                    .start();
            try (BufferedReader in = process.inputReader();
                    PrintWriter copy = new PrintWriter(Files.newBufferedWriter(log))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    copy.println(line);
                    lines.accept(line);
                }
            }
            process.onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run the conformance tests", e);
        }
        if (lines.ended(End.PASS).isEmpty() && lines.ended(End.FAIL).isEmpty()) {
            throw new LabException("no test ran; see " + log);
        }
        return tell(lines);
    }

    /** Where the addresses of Services are reached: on a node. */
    private static List<String> node(Lab lab, List<String> command) {
        return lab.spec().name().node(new NodeName(1)).enter(command);
    }

    private List<String> command(Lab lab, Path output) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "KUBECONFIG=" + lab.paths().kubeconfig("admin"),
                programs.program(GoModule.GATEWAY_CONFORMANCE, "gateway-conformance.test")
                        .toString(),
                "-test.v",
                // Beside it are tests of the suite itself.
                "-test.run=^TestConformance$",
                "-test.timeout=3h",
                "--gateway-class=" + CLASS,
                "--conformance-profiles=" + PROFILES,
                "--usable-address=" + USABLE,
                "--unusable-address=" + UNUSABLE,
                "--organization=weft",
                "--project=weft",
                "--url=https://weft.dev",
                "--version=" + release,
                "--contact=https://weft.dev",
                "--report-output=" + output.resolve("report.yaml")));
        if (!focus.isEmpty()) {
            command.add("--run-test=" + focus);
        }
        if (!skip.isEmpty()) {
            command.add("--skip-tests=" + skip);
        }
        return command;
    }

    private static int tell(GatewayTestLines lines) {
        KnownCauses known = KnownCauses.of(List.of("gateway"));
        int unexplained = 0;
        for (String test : lines.ended(End.FAIL)) {
            Optional<String> cause = known.of(test);
            System.out.println(cause.map(why -> "KNOWN  " + test + ": " + why).orElse("FAILED " + test));
            lines.failedSteps(test).forEach(step -> System.out.println("         " + step));
            unexplained += cause.isEmpty() ? 1 : 0;
        }
        lines.ended(End.PASS).stream()
                .filter(test -> known.of(test).isPresent())
                .forEach(test -> System.out.println("PASSED although it is known not to: " + test));
        System.out.printf(
                "%d passed, %d failed, of these %d for known causes; %d skipped%n",
                lines.ended(End.PASS).size(),
                lines.ended(End.FAIL).size(),
                lines.ended(End.FAIL).size() - unexplained,
                lines.ended(End.SKIP).size());
        return unexplained == 0 ? 0 : 1;
    }
}
