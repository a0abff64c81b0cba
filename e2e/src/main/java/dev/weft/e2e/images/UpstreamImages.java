package dev.weft.e2e.images;

import dev.weft.e2e.process.Commands;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.DebianPackages;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.OnceOnDisk;
import dev.weft.e2e.programs.ProgramCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * What the network tests of Kubernetes run in their pods: one image, a small Debian with the programs that they call
 * (dig, nc, curl, wget, conntrack, iperf, ...) and agnhost, by the names of the images that those tests ask for; and one
 * with a program of its own.
 */
public final class UpstreamImages {
    private static final String REGISTRY = "registry.k8s.io/e2e-test-images/";

    private static final List<String> REFERENCES = List.of(
            LabImages.AGNHOST,
            REGISTRY + "agnhost:2.55",
            // Asked for by the conformance tests of ClusterNetworkPolicy and by cyclonus.
            REGISTRY + "agnhost:2.45",
            REGISTRY + "agnhost:2.43",
            REGISTRY + "busybox:1.37.0-2",
            REGISTRY + "glibc-dns-testing:2.1.1",
            // Of its pods the tests look at addresses only.
            REGISTRY + "nginx:1.27.0-2",
            "registry.k8s.io/build-image/distroless-iptables:v0.9.9");

    private static final String SUITE = "bookworm";
    private static final String PROGRAMS =
            "bind9-dnsutils,ca-certificates,conntrack,curl,iperf,iproute2,iptables,iputils-ping,netcat-openbsd,socat,wget";
    /** Sends a TCP segment outside of the window; a connection that is reset by it has met issue 74839 of Kubernetes. */
    private static final String REGRESSION = "regression-issue-74839";

    /** To be raised with any change of the small Debian. */
    private static final int RECIPE = 2;
    /** To be raised with any change of what is made of it. */
    private static final int ARCHIVE_RECIPE = 4;

    private final CacheRoot cache;
    private final ProgramCache programs;
    private final DebianPackages packages;
    private final Progress progress;

    public UpstreamImages(CacheRoot cache, ProgramCache programs, DebianPackages packages, Progress progress) {
        this.cache = cache;
        this.programs = programs;
        this.packages = packages;
        this.progress = progress;
    }

    /** The small Debian alone, which is all that tests of policies ask for. */
    public List<Path> policyTests() {
        return List.of(debianArchive());
    }

    /** All of them. */
    public List<Path> archives() {
        Path regression = new LabImages(cache, programs)
                .single(
                        REGRESSION,
                        GoModule.E2ETEST,
                        REGRESSION,
                        List.of("/" + REGRESSION),
                        List.of(),
                        List.of(REGISTRY + REGRESSION + ":1.5"));
        return List.of(debianArchive(), regression);
    }

    private Path debianArchive() {
        Path archive = cache.images()
                .resolve("upstream-%d.%d-%s-%s.tar"
                        .formatted(
                                RECIPE,
                                ARCHIVE_RECIPE,
                                programs.version(GoModule.KUBERNETES),
                                programs.version(GoModule.SCTPHOST)));
        return OnceOnDisk.make(archive, () -> write(archive, debian()));
    }

    /** A folder with the small Debian. */
    private Path debian() {
        Path root = cache.images().resolve("debian-" + SUITE + "-" + RECIPE);
        return OnceOnDisk.make(root, () -> {
            packages.require(Map.of("/usr/sbin/debootstrap", "debootstrap"));
            progress.step("making a small Debian for the tests' image, once");
            Path partial = root.resolveSibling(root.getFileName() + ".partial");
            Commands.run("rm", "-rf", partial.toString());
            Commands.run("debootstrap", "--variant=minbase", "--include=" + PROGRAMS, SUITE, partial.toString());
            Commands.run("rm", "-rf", partial + "/var/cache/apt/archives", partial + "/var/lib/apt/lists");
            Files.move(partial, root, StandardCopyOption.ATOMIC_MOVE);
        });
    }

    private void write(Path archive, Path debian) throws IOException {
        progress.step("writing the tests' image, once");
        Path added = Files.createTempDirectory(cache.images(), "upstream");
        Path layer = added.resolve("layer.tar");
        Path files = Files.createDirectory(added.resolve("files"));
        // agnhost, unchanged, and before it what speaks SCTP where the kernel does not.
        Files.copy(programs.program(GoModule.KUBERNETES, "agnhost"), files.resolve("agnhost-kernel"));
        Files.copy(programs.program(GoModule.SCTPHOST, "sctphost"), files.resolve("agnhost"));
        Files.createSymbolicLink(files.resolve("agnhost-2"), Path.of("agnhost"));
        Files.createDirectory(files.resolve("uploads"));
        // agnhost's porter serves TLS with these.
        Path porter = programs.source(GoModule.KUBERNETES, "k8s.io/kubernetes").resolve("test/images/agnhost/porter");
        for (String file : List.of("localhost.crt", "localhost.key")) {
            Files.copy(porter.resolve(file), files.resolve(file));
        }
        tar("-cf", layer, debian);
        tar("-rf", layer, files);
        OciArchive.write(archive, layer, List.of("/agnhost"), List.of("pause"), REFERENCES);
        Commands.run("rm", "-rf", added.toString());
    }

    private static void tar(String mode, Path layer, Path folder) {
        Commands.run(
                "tar",
                "--numeric-owner",
                "--sort=name",
                "--mtime=@0",
                "--exclude=./dev/*",
                "-C",
                folder.toString(),
                mode,
                layer.toString(),
                ".");
    }
}
