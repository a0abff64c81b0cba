package dev.weft.e2e.lab;

import dev.weft.e2e.process.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A named network namespace.
 *
 * @param name as {@code ip netns} knows it
 */
public record Netns(String name) {
    private static final Path FOLDER = Path.of("/run/netns");

    /** The namespaces with names that begin so. */
    static List<Netns> startingWith(String prefix) {
        if (!Files.isDirectory(FOLDER)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.startsWith(prefix))
                    .sorted()
                    .map(Netns::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path path() {
        return FOLDER.resolve(name);
    }

    public boolean exists() {
        return Files.exists(path());
    }

    /** Makes it, with its loopback device up. */
    public void create() {
        Commands.run("ip", "netns", "add", name);
        ip("link set lo up");
    }

    /** Takes its name away; it ends with the last process inside. */
    public void delete() {
        Commands.run("ip", "netns", "del", name);
    }

    /** Runs {@code ip} in the namespace with arguments without blanks in them. */
    public String ip(String arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name));
        command.addAll(List.of(arguments.split(" ")));
        return Commands.run(command);
    }

    /**
     * The command line that runs a command in the namespace. It is nsenter, not {@code ip netns exec}: the latter
     * mounts a new /sys, which hides the cgroups.
     */
    public List<String> enter(List<String> command) {
        List<String> entered = new ArrayList<>(List.of("nsenter", "--net=" + path(), "--"));
        entered.addAll(command);
        return entered;
    }

    /** The processes inside, by their ids on the host. */
    public List<Long> processes() {
        return Commands.run("ip", "netns", "pids", name)
                .lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .map(Long::parseLong)
                .toList();
    }
}
