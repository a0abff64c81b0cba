package dev.weft.e2e.bench;

import dev.weft.e2e.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A process of this machine with all that it started, such as the workers of a master; see proc(5).
 *
 * @param name for people
 */
record ProcessTree(String name, ProcessHandle root) {
    private static final Pattern PSS = Pattern.compile("(?m)^Pss:\\s+(\\d+) kB");
    private static final double TICKS_PER_SECOND = 100; // USER_HZ on every architecture that matters

    /** Fields of /proc/PID/stat after the process's name: user and system time, its own and of children that ended. */
    private static final int FIRST_TIME = 11;

    private static final int TIMES = 4;

    /** User and system time of all; a process that ended counts if its parent is of the tree. */
    double cpuSeconds() {
        return all().stream().mapToDouble(ProcessTree::cpuSeconds).sum();
    }

    /** Memory of all. What some of them share counts once: it is the sum of proportional set sizes. */
    double megabytes() {
        return all().stream().mapToDouble(ProcessTree::megabytes).sum();
    }

    private List<ProcessHandle> all() {
        if (!root.isAlive()) {
            throw new LabException(name + " is gone");
        }
        return Stream.concat(Stream.of(root), root.descendants()).toList();
    }

    private static double cpuSeconds(ProcessHandle process) {
        try {
            return cpuSeconds(Files.readString(proc(process, "stat")));
        } catch (IOException e) {
            return 0; // it ended just now
        }
    }

    static double cpuSeconds(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int field = FIRST_TIME; field < FIRST_TIME + TIMES; field++) {
            ticks += Long.parseLong(fields[field]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static double megabytes(ProcessHandle process) {
        try {
            return megabytes(Files.readString(proc(process, "smaps_rollup")));
        } catch (IOException e) {
            return 0; // it ended just now
        }
    }

    static double megabytes(String smaps) {
        Matcher matcher = PSS.matcher(smaps);
        if (!matcher.find()) {
            throw new LabException("the kernel tells no Pss in: " + smaps);
        }
        return Long.parseLong(matcher.group(1)) * 1024 / 1e6;
    }

    private static Path proc(ProcessHandle process, String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }
}
