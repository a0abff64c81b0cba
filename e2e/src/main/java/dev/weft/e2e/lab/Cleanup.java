package dev.weft.e2e.lab;

import dev.weft.e2e.process.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Removes whatever a lab left, complete or not. Nothing is remembered about processes: what runs in a network namespace
 * with the lab's name is the lab's, and what runs in a node's PID namespace ends with that node's process 1. Mounts end
 * with the node's mount namespace.
 */
final class Cleanup {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private final LabName lab;
    private final LabPaths paths;
    private final Progress progress;

    Cleanup(LabName lab, LabPaths paths, Progress progress) {
        this.lab = lab;
        this.paths = paths;
        this.progress = progress;
    }

    /** Ends the lab's processes and removes its namespaces, cgroups and files; logs stay. */
    void run() {
        List<Netns> namespaces = namespaces(lab);
        if (!namespaces.isEmpty()) {
            progress.step("ending the processes of lab " + lab);
            killAll(namespaces);
            progress.step("removing namespaces, cgroups and disks");
            namespaces.forEach(Netns::delete);
        }
        removeCgroups("weft." + lab + ".");
        deleteTree(paths.run());
    }

    /** Removes one node's cgroups and files. */
    static void node(LabName lab, NodeName node, LabPaths paths) {
        removeCgroups(lab.cgroup(node).substring(1));
        deleteTree(paths.node(node));
    }

    /** The network namespaces of a lab: the control plane's and the nodes'. */
    static List<Netns> namespaces(LabName lab) {
        List<Netns> found =
                new ArrayList<>(Netns.startingWith(lab.controlPlane().name() + "."));
        if (lab.controlPlane().exists()) {
            found.add(lab.controlPlane());
        }
        return found;
    }

    private static void killAll(List<Netns> namespaces) {
        // A process may start another one while we look, so look until there are none.
        Wait.until("the end of the lab's processes", PATIENCE, POLL, () -> {
            List<Long> inside =
                    namespaces.stream().flatMap(n -> n.processes().stream()).toList();
            inside.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            return inside.isEmpty();
        });
    }

    /** Removes cgroups whose names begin so, from every hierarchy; their processes have ended. */
    private static void removeCgroups(String prefix) {
        cgroups(prefix)
                .forEach(cgroup -> Wait.until("the removal of " + cgroup, PATIENCE, POLL, () -> removeCgroup(cgroup)));
    }

    /** The cgroups whose names begin so, in every hierarchy. */
    static List<Path> cgroups(String prefix) {
        List<Path> hierarchies = new ArrayList<>(List.of(CGROUPS));
        hierarchies.addAll(children(CGROUPS));
        return hierarchies.stream()
                .flatMap(hierarchy -> children(hierarchy).stream())
                .filter(cgroup -> cgroup.getFileName().toString().startsWith(prefix))
                .toList();
    }

    /** A cgroup is removed by rmdir, children first; its files are the kernel's. False while it is still in use. */
    private static boolean removeCgroup(Path cgroup) {
        boolean empty = children(cgroup).stream().map(Cleanup::removeCgroup).reduce(true, Boolean::logicalAnd);
        return empty && (cgroup.toFile().delete() || !Files.exists(cgroup));
    }

    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(e -> Files.isDirectory(e) && !Files.isSymbolicLink(e))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static void deleteTree(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + root, e);
        }
    }
}
