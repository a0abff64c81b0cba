package dev.weft.e2e.lab;

import dev.weft.e2e.process.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is left of a lab that was taken down: it should be its logs only. */
final class Leftovers {
    private Leftovers() {}

    /** Network namespaces, processes, mounts, loop devices and cgroups of the lab, a sentence each. */
    static List<String> of(LabName lab, LabPaths paths) {
        List<String> left = new ArrayList<>();
        Cleanup.namespaces(lab).forEach(netns -> left.add("the network namespace " + netns.name()));
        String folder = paths.root() + "/";
        // Programs of a lab are started with files of its folder, or in a session with one that was.
        ProcessHandle.allProcesses()
                .filter(process -> commandLine(process.pid()).contains(folder))
                .forEach(process -> left.add("process " + process.pid() + ": " + commandLine(process.pid())));
        lines(Path.of("/proc/mounts"))
                .filter(mount -> mount.contains(folder))
                .forEach(mount -> left.add("the mount " + mount));
        Commands.run("losetup", "--all")
                .lines()
                .filter(device -> device.contains(folder))
                .forEach(device -> left.add("the loop device " + device));
        Cleanup.cgroups("weft." + lab + ".").forEach(cgroup -> left.add("the cgroup " + cgroup));
        return left;
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
