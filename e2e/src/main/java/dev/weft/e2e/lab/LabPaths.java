package dev.weft.e2e.lab;

import dev.weft.e2e.programs.CacheRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where a lab keeps its files.
 *
 * @param root the lab's own folder: {@code run} goes with the lab, {@code log} stays until the next one of that name
 */
public record LabPaths(Path root) {
    public static LabPaths of(CacheRoot cache, LabName name) {
        return new LabPaths(cache.labs().resolve(name.value()));
    }

    public Path run() {
        return root.resolve("run");
    }

    /** One file for each program of the lab, and the API server's audit log. */
    public Path logs() {
        return root.resolve("log");
    }

    public Path log(String program) {
        return logs().resolve(program + ".log");
    }

    /** The API server's record of writes: one JSON audit event a line. */
    public Path auditLog() {
        return logs().resolve("audit.log");
    }

    /** For programs on the host. */
    public Path kubeconfig() {
        return run().resolve("kubeconfig");
    }

    /** For programs inside the lab's namespaces, with the given user's token. */
    public Path kubeconfig(String user) {
        return run().resolve(user + ".kubeconfig");
    }

    Path pki(String file) {
        return run().resolve("pki").resolve(file);
    }

    Path node(NodeName node) {
        return run().resolve(node.value());
    }

    /** Makes the folders, with no logs of an earlier lab of the name in them. */
    void create() {
        try {
            Files.createDirectories(run().resolve("pki"));
            Files.createDirectories(logs());
            try (Stream<Path> old = Files.list(logs())) {
                for (Path file : old.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the lab's folder " + root, e);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
