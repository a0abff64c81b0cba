package dev.weft.e2e.images;

import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.OnceOnDisk;
import dev.weft.e2e.programs.ProgramCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** The images of a lab's pods, made here and kept in the cache, as there is no registry to pull them from. */
public final class LabImages {
    /** The image that holds a pod's namespaces open. */
    public static final String PAUSE = "registry.k8s.io/pause:3.10.2";
    /** Kubernetes' test server: HTTP, UDP and TCP echo, DNS, clients. Entry point {@code /agnhost}. */
    public static final String AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.66.1";

    /** The lab's own measuring program. */
    public static final String NETBENCH = "weft.dev/netbench:lab";

    public static final String COREDNS = "registry.k8s.io/coredns/coredns:v1.14.7";

    /** To be raised with any change of how the archives are made. */
    private static final int RECIPE = 2;

    private final CacheRoot cache;
    private final ProgramCache programs;

    public LabImages(CacheRoot cache, ProgramCache programs) {
        this.cache = cache;
        this.programs = programs;
    }

    /** pause and agnhost, from the one static program: what demos and most tests need. */
    public List<Path> small() {
        // "agnhost pause" sleeps for ever, so one layer serves both.
        return List.of(
                single("pause", GoModule.KUBERNETES, "agnhost", List.of("/agnhost"), List.of("pause"), List.of(PAUSE)),
                single(
                        "agnhost",
                        GoModule.KUBERNETES,
                        "agnhost",
                        List.of("/agnhost"),
                        List.of("pause"),
                        List.of(AGNHOST)));
    }

    public Path coredns() {
        return single("coredns", GoModule.COREDNS, "coredns", List.of("/coredns"), List.of(), List.of(COREDNS));
    }

    public Path netbench() {
        return single("netbench", GoModule.NETBENCH, "netbench", List.of("/netbench"), List.of(), List.of(NETBENCH));
    }

    /** An image of one static program. */
    Path single(
            String image,
            GoModule module,
            String name,
            List<String> entrypoint,
            List<String> arguments,
            List<String> references) {
        Path program = programs.program(module, name);
        Path archive = cache.images().resolve("%s-%d-%s.tar".formatted(image, RECIPE, programs.version(module)));
        return OnceOnDisk.make(archive, () -> {
            Path layer = archive.resolveSibling(archive.getFileName() + ".layer");
            try (TarArchiveOutputStream tar = OciArchive.open(layer)) {
                OciArchive.addFile(tar, name, program, 0755);
            }
            OciArchive.write(archive, layer, entrypoint, arguments, references);
            Files.delete(layer);
        });
    }
}
