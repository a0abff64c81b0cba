package dev.weft.e2e.bench;

import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel tells of a process of a node; see proc(5). */
final class ProcessFigures {
    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    /** USER_HZ, the unit of times in /proc, is 100 on all of Linux' common architectures. */
    private static final double TICKS_PER_SECOND = 100;

    /** Fields of /proc/PID/stat, counted from the first one after the process's name. */
    private static final int USER_TIME = 11;

    private static final int START_TIME = 19;

    private final Node node;

    ProcessFigures(Node node) {
        this.node = node;
    }

    double residentMegabytes(long pid) {
        Matcher matcher = RSS.matcher(node.exec("cat", "/proc/" + pid + "/status"));
        if (!matcher.find()) {
            throw new LabException("process " + pid + " of " + node.name() + " has no memory");
        }
        return Long.parseLong(matcher.group(1)) * 1024 / 1e6;
    }

    /** User and system time of the process and of the processes it has waited for. */
    double cpuSeconds(long pid) {
        String[] stat = stat(pid);
        long ticks = 0;
        for (int field = USER_TIME; field < USER_TIME + 4; field++) {
            ticks += Long.parseLong(stat[field]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    /** When the process started, to a hundredth of a second. */
    long startUnixMillis(long pid) {
        String[] now = node.exec("sh", "-c", "cat /proc/uptime; date +%s%3N").split("\\s+");
        double age = Double.parseDouble(now[0]) - Long.parseLong(stat(pid)[START_TIME]) / TICKS_PER_SECOND;
        return Long.parseLong(now[2]) - Math.round(age * 1000);
    }

    private String[] stat(long pid) {
        String line = node.exec("cat", "/proc/" + pid + "/stat");
        return line.substring(line.lastIndexOf(')') + 2).split(" ");
    }
}
