package dev.weft.e2e.upstream;

import dev.weft.e2e.Labs;
import dev.weft.e2e.WeftInstallation;
import dev.weft.e2e.WeftRelease;
import dev.weft.e2e.images.UpstreamImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.lab.LabSpec;
import dev.weft.e2e.lab.Peer;
import dev.weft.e2e.process.CommandFailedException;
import dev.weft.e2e.process.Commands;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.DebianPackages;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        description = "Kubernetes' own end-to-end tests on a fresh lab with Weft, kube-proxy and CoreDNS.",
        mixinStandardHelpOptions = true)
public final class UpstreamCommand implements Callable<Integer> {
    private static final String CONFORMANCE = "\\[sig-network\\].*\\[Conformance\\]";
    private static final String SCTP = "Feature:SCTP";
    private static final String WEFT = "weft";

    @Option(names = "--name", description = "the lab's name (default: ${DEFAULT-VALUE})", defaultValue = "e2e")
    private String name = "e2e";

    @Option(names = "--nodes", description = "how many nodes (default: ${DEFAULT-VALUE})", defaultValue = "2")
    private int nodes = 2;

    @Option(names = "--procs", description = "tests at the same time (default: ${DEFAULT-VALUE})", defaultValue = "1")
    private int procs = 1;

    @Option(names = "--focus", description = "regular expression of tests to run (default: network conformance)")
    private String focus = "";

    @Option(names = "--skip", description = "regular expression of tests to leave out")
    private String skip = "";

    @Option(
            names = "--network",
            description = "the pod network: weft, or a peer to compare with (default: ${DEFAULT-VALUE})",
            defaultValue = WEFT)
    private String network = WEFT;

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
        UpstreamRun run = new UpstreamRun(
                focus.isEmpty() ? CONFORMANCE : focus, withKernelGaps(skip), procs, top.resolve("e2e/target/upstream"));
        Optional<WeftRelease> weft =
                network.equals(WEFT) ? Optional.of(WeftRelease.in(top, release)) : Optional.empty();
        Set<Peer> peers = EnumSet.of(Peer.KUBE_PROXY, Peer.COREDNS);
        if (weft.isEmpty()) {
            peers.add(Peer.parse(network));
        }
        ProgramCache programs = new ProgramCache(cache, progress);
        programs.folder(GoModule.E2ETEST);
        List<Path> archives = new ArrayList<>(weft.map(WeftRelease::archives).orElse(List.of()));
        archives.add(new UpstreamImages(cache, programs, new DebianPackages(progress), progress).archive());

        LabName labName = new LabName(name);
        Lab.down(labName, cache, progress);
        try (Lab lab = new Labs(cache, progress).up(new LabSpec(labName, nodes, peers, archives))) {
            weft.ifPresent(w -> new WeftInstallation(lab, progress).install(w));
            progress.step("running the tests; log and report go to " + run.output());
            UpstreamResult result = run.run(lab, programs, progress);
            result.failed().forEach(test -> System.out.println("FAILED " + test));
            System.out.println(result.line());
            return result.failed().isEmpty() && result.passed() > 0 ? 0 : 1;
        } finally {
            if (!keep) {
                Lab.down(labName, cache, progress);
            }
        }
    }

    /** Leaves out what no pod network can pass on this kernel, and says so. */
    private String withKernelGaps(String wanted) {
        if (hasSctp()) {
            return wanted;
        }
        progress.step("this kernel has no SCTP sockets, so tests of " + SCTP + " are left out");
        return wanted.isEmpty() ? SCTP : wanted + "|" + SCTP;
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
