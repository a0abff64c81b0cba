package dev.weft.e2e.upstream;

import dev.weft.e2e.Labs;
import dev.weft.e2e.images.UpstreamImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.lab.LabSpec;
import dev.weft.e2e.lab.Peer;
import dev.weft.e2e.lab.TemporaryLab;
import dev.weft.e2e.process.CommandFailedException;
import dev.weft.e2e.process.Commands;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.DebianPackages;
import dev.weft.e2e.programs.ProgramCache;
import dev.weft.e2e.weft.Release;
import dev.weft.e2e.weft.Weft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lab e2e}. */
@Command(
        name = "e2e",
        description = "Tests that others wrote, by default Kubernetes' own, on a fresh lab with Weft.",
        mixinStandardHelpOptions = true)
public final class UpstreamCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** Of the tests with SCTP, those whose server the lab's agnhost does not stand in for. */
    private static final String SCTP = "should function for .*: sctp";

    private static final String WEFT = "weft";

    @Option(names = "--name", description = "the lab's name (default: ${DEFAULT-VALUE})", defaultValue = "e2e")
    private String name = "e2e";

    @Option(names = "--nodes", description = "how many nodes; 0 for what the suite needs", defaultValue = "0")
    private int nodes;

    @Option(names = "--procs", description = "tests at the same time (default: ${DEFAULT-VALUE})", defaultValue = "1")
    private int procs = 1;

    @Option(
            names = "--suite",
            description = "the tests to run without a focus: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})",
            defaultValue = "CONFORMANCE")
    private Suite suite = Suite.CONFORMANCE;

    @Option(
            names = "--focus",
            description =
                    "regular expression of tests to run: of Kubernetes' instead of a suite, or of another suite's;"
                            + " of cyclonus tags")
    private String focus = "";

    @Option(names = "--skip", description = "regular expression of tests to leave out; of cyclonus tags")
    private String skip = "";

    @Option(
            names = "--network",
            description = "the pod network: weft, or a peer to compare with (default: ${DEFAULT-VALUE})",
            defaultValue = WEFT)
    private String network = WEFT;

    @Option(
            names = "--services",
            description = "who serves Services: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})",
            defaultValue = "WEFT")
    private Services services = Services.WEFT;

    @Option(
            names = "--dns",
            description = "who answers DNS queries: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})",
            defaultValue = "WEFT")
    private Dns dns = Dns.WEFT;

    /** Who answers the cluster's DNS queries during a run. */
    private enum Dns {
        WEFT,
        COREDNS
    }

    @Option(names = "--spec", description = "the ClusterNetwork's spec, in flow style, instead of the usual one")
    private String spec = "";

    @Option(names = "--release", description = "the images' tag (default: ${DEFAULT-VALUE})", defaultValue = "0.1.0")
    private String release = "0.1.0";

    @Option(names = "--root", description = "top folder of the repository (default: here)", defaultValue = ".")
    private Path root = Path.of(".");

    @Option(names = "--keep", description = "leave the lab standing, for a look at what failed")
    private boolean keep;

    private final CacheRoot cache = CacheRoot.of(System.getenv());
    private final Progress progress = Progress.printing(System.out);

    @Override
    public Integer call() {
        Path top = root.toAbsolutePath().normalize();
        boolean sctp = hasSctp();
        Tests tests = chosen(sctp, top.resolve("e2e/target/upstream"));
        Optional<Release> weft = network.equals(WEFT) ? Optional.of(Release.in(top, release)) : Optional.empty();
        ProgramCache programs = new ProgramCache(cache, progress);
        tests.prepare(programs);
        List<Path> archives = new ArrayList<>(weft.map(Release::archives).orElse(List.of()));
        archives.addAll(tests.images(new UpstreamImages(cache, programs, new DebianPackages(progress), progress)));

        LabName labName = new LabName(name);
        int size = nodes > 0 ? nodes : focus.isEmpty() ? suite.nodes() : Suite.CONFORMANCE.nodes();
        try (TemporaryLab _ = TemporaryLab.begin(labName, cache, progress, keep);
                Lab lab = new Labs(cache, progress).up(new LabSpec(labName, size, peers(), archives))) {
            weft.ifPresent(w -> install(lab, w));
            progress.step("running the tests; log and report go to " + top.resolve("e2e/target/upstream"));
            UpstreamResult result = tests.run(lab, programs, progress);
            return tell(again(tests, result, lab, programs), known(sctp));
        }
    }

    private Set<Peer> peers() {
        Set<Peer> peers = EnumSet.noneOf(Peer.class);
        if (dns == Dns.COREDNS || !network.equals(WEFT)) {
            peers.add(Peer.COREDNS);
        }
        if (services == Services.KUBE_PROXY) {
            peers.add(Peer.KUBE_PROXY);
        }
        if (!network.equals(WEFT)) {
            peers.add(Peer.parse(network));
        }
        return peers;
    }

    private void install(Lab lab, Release release) {
        progress.step("installing Weft");
        Weft weft = new Weft(lab);
        if (services == Services.WEFT) {
            weft.installWithoutServices();
        }
        weft.install(release);
        weft.apply(spec.isEmpty() ? services.spec() : spec);
        weft.awaitReady(PATIENCE);
    }

    /** Tests beside each other take each other's host ports, and the machine's time; what failed so is tried alone. */
    private UpstreamResult again(Tests tests, UpstreamResult result, Lab lab, ProgramCache programs) {
        List<String> failed =
                result.failed().stream().filter(test -> test.startsWith("[It]")).toList();
        if (!(tests instanceof UpstreamRun run) || procs == 1 || failed.isEmpty()) {
            return result;
        }
        progress.step(failed.size() + " tests failed beside others; now one at a time");
        UpstreamResult alone = run.alone(failed).run(lab, programs, progress);
        alone.passed().forEach(test -> System.out.println("PASSED alone, after it failed beside others: " + test));
        return result.afterwards(alone);
    }

    private KnownCauses known(boolean sctp) {
        List<String> lists = new ArrayList<>(List.of("lab", services.known()));
        if (dns == Dns.WEFT && network.equals(WEFT)) {
            lists.add("weft-dns");
        }
        if (!sctp) {
            lists.add("no-sctp");
        }
        return KnownCauses.of(lists);
    }

    private static int tell(UpstreamResult result, KnownCauses known) {
        result.explained(known).forEach(test -> System.out.println("KNOWN  " + test));
        result.passedAgainstExpectation(known)
                .forEach(test -> System.out.println("PASSED although it is known not to: " + test));
        List<String> unexplained = result.unexplained(known);
        unexplained.forEach(test -> System.out.println("FAILED " + test));
        System.out.println(result.line(known));
        return unexplained.isEmpty() && !result.passed().isEmpty() ? 0 : 1;
    }

    private Tests chosen(boolean sctp, Path output) {
        Tests tests = suite.tests(focus, skip, procs, output);
        if (sctp || !(tests instanceof UpstreamRun run)) {
            return tests;
        }
        // Tests that no network can pass on this kernel would wait for minutes each.
        progress.step("this kernel has no SCTP sockets, so these tests are left out: " + SCTP);
        return run.without(SCTP);
    }

    private static boolean hasSctp() {
        try {
            // On kernels with modules the first socket would load it.
            Commands.run("modprobe", "--quiet", "sctp");
            return true;
        } catch (CommandFailedException e) {
            try {
                return Files.readString(Path.of("/proc/net/protocols")).contains("SCTP");
            } catch (IOException unreadable) {
                return false;
            }
        }
    }
}
