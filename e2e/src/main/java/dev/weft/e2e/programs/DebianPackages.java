package dev.weft.e2e.programs;

import dev.weft.e2e.process.CommandFailedException;
import dev.weft.e2e.process.Commands;
import dev.weft.e2e.process.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Installs the Debian packages whose files are missing. */
public final class DebianPackages {
    /** What every lab needs: a file that shows the package is there, and the package. */
    public static final Map<String, String> BASE = Map.of(
            "/usr/sbin/runc", "runc",
            "/usr/sbin/nft", "nftables",
            "/usr/sbin/conntrack", "conntrack",
            "/bin/ip", "iproute2",
            "/usr/bin/nsenter", "util-linux",
            "/sbin/mkfs.ext4", "e2fsprogs",
            "/bin/mount", "mount");

    private static final Map<String, String> QUIET = Map.of("DEBIAN_FRONTEND", "noninteractive");

    private final Progress progress;

    public DebianPackages(Progress progress) {
        this.progress = progress;
    }

    /**
     * Makes sure that the packages are installed.
     *
     * @param packages a file that shows the package is there, to the package's name
     * @throws CommandFailedException if apt-get cannot install them
     */
    public void require(Map<String, String> packages) {
        List<String> missing = packages.entrySet().stream()
                .filter(e -> !Files.exists(Path.of(e.getKey())))
                .map(Map.Entry::getValue)
                .sorted()
                .distinct()
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        progress.step("installing Debian packages: " + String.join(" ", missing));
        List<String> install = new ArrayList<>(List.of("apt-get", "install", "-y", "--no-install-recommends"));
        install.addAll(missing);
        try {
            Commands.run(install, QUIET, "");
        } catch (CommandFailedException e) {
            // A fresh machine has no package lists yet, an old one has lists whose files are gone.
            progress.step("apt-get install failed, trying again after apt-get update");
            Commands.run("apt-get", "update");
            Commands.run(install, QUIET, "");
        }
    }
}
