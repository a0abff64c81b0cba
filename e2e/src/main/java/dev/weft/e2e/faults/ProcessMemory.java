package dev.weft.e2e.faults;

import dev.weft.e2e.lab.Node;
import java.util.regex.Pattern;

/** Resident memory of a node's processes, as the kernel counts it. */
final class ProcessMemory {
    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private ProcessMemory() {}

    /**
     * Of all processes together, in megabytes; 0 if there is none.
     *
     * @param commandLine a regular expression; it must not match itself
     */
    static double megabytes(Node node, String commandLine) {
        String found = node.exec(
                "sh", "-c", "for pid in $(pgrep -f \"$1\"); do cat /proc/$pid/status; done", "memory", commandLine);
        return megabytes(found);
    }

    static double megabytes(String statuses) {
        return RSS.matcher(statuses)
                        .results()
                        .mapToLong(found -> Long.parseLong(found.group(1)))
                        .sum()
                * 1024
                / 1e6;
    }
}
