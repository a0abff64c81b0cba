package dev.weft.bundle.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The base of every image: the parts of glibc that a JVM links to, and the files that its name service reads. Its
 * resolver is part of libc.so.6 since glibc 2.34, so no libnss files are needed.
 */
final class CLibrary {
    static final String LAYER = "libc";

    private static final List<String> LIBRARIES =
            List.of("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1");

    private final Platform platform;
    private final Path sysroot;

    CLibrary(Platform platform, Path sysroot) {
        this.platform = platform;
        this.sysroot = sysroot;
    }

    void addTo(RootFs rootFs) throws IOException, ImageBuildException {
        Path loader = below(platform.loader());
        if (!Files.exists(loader)) {
            throw new ImageBuildException("there is no " + loader + ": images need glibc for " + platform.goName()
                    + ", from this machine or from a folder given with --sysroot");
        }
        rootFs.copy(LAYER, loader, platform.loader());
        for (String library : LIBRARIES) {
            String target = find(library)
                    .orElseThrow(() -> new ImageBuildException("glibc's " + library + " is not below " + sysroot));
            rootFs.copy(LAYER, below(target), target);
        }
        rootFs.write(
                LAYER,
                "root:x:0:0:root:/:/none\nweft:x:65532:65532:weft:/:/none\nnobody:x:65534:65534:nobody:/:/none\n",
                "/etc/passwd");
        rootFs.write(LAYER, "root:x:0:\nweft:x:65532:\nnobody:x:65534:\n", "/etc/group");
        rootFs.write(LAYER, "passwd: files\ngroup: files\nhosts: files dns\n", "/etc/nsswitch.conf");
        rootFs.writableFolder(LAYER, "/tmp");
    }

    private Optional<String> find(String library) {
        return List.of("/lib/" + platform.triplet(), "/usr/lib/" + platform.triplet(), "/lib64", "/usr/lib64").stream()
                .map(folder -> folder + "/" + library)
                .filter(path -> Files.exists(below(path)))
                .findFirst();
    }

    private Path below(String path) {
        return sysroot.resolve(path.substring(1));
    }
}
