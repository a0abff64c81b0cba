package dev.weft.bundle.images;

import java.util.ArrayList;
import java.util.List;

/** The file of arguments with which an image's entrypoint starts Java. */
final class ArgumentFile {
    /**
     * An archive at a random address has its pointers rewritten at start, which takes time and turns its pages into
     * private memory. At its own address it stays a file, which the kernel can drop and share.
     */
    private static final List<String> ARCHIVE_FLAGS =
            List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:ArchiveRelocationMode=0");

    private ArgumentFile() {}

    static String of(List<String> flags, String archive, List<String> classPath, String mainClass) {
        var arguments = new ArrayList<>(flags);
        arguments.addAll(ARCHIVE_FLAGS);
        arguments.add("-XX:SharedArchiveFile=" + archive);
        arguments.add("-cp");
        arguments.add(String.join(":", classPath));
        arguments.add(mainClass);
        return String.join("\n", arguments) + "\n";
    }
}
