package dev.weft.bundle.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** A Java runtime with only the modules that a program needs, linked by jlink from the JDK that runs the build. */
final class JavaRuntime {
    static final String LAYER = "java";
    static final String HOME = "/opt/java";

    private final Path jdk;
    private final SortedSet<String> modules;

    JavaRuntime(Path jdk, SortedSet<String> modules) {
        this.jdk = jdk;
        this.modules = modules;
    }

    void addTo(RootFs rootFs, Path work) throws IOException, ImageBuildException, InterruptedException {
        rootFs.copyTree(LAYER, linked(work), HOME);
    }

    /** Linking takes seconds and its result depends on the JDK and the modules alone, so it is kept. */
    private Path linked(Path work) throws IOException, ImageBuildException, InterruptedException {
        List<String> options = List.of(
                "--add-modules",
                String.join(",", modules),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                // The image's layers are compressed as a whole; inside, plain classes load faster.
                "--compress=zip-0");
        Path result = work.resolve("runtime-" + fingerprint(options));
        if (Files.exists(result)) {
            return result;
        }
        Path unfinished = work.resolve(result.getFileName() + ".unfinished");
        RootFs.deleteTree(unfinished);
        Files.createDirectories(work);
        var command = new ArrayList<String>(List.of(jdk.resolve("bin/jlink").toString()));
        command.addAll(options);
        command.add("--output");
        command.add(unfinished.toString());
        Programs.run(work, Map.of(), command);
        return Files.move(unfinished, result, StandardCopyOption.ATOMIC_MOVE);
    }

    private String fingerprint(List<String> options) throws IOException {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            sha.update(Files.readAllBytes(jdk.resolve("release")));
            sha.update(String.join(" ", options).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
