package dev.weft.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machine's processors, whatever of them the container may use: a limit on the agent's share is no reason to track
 * fewer connections.
 */
final class OnlineProcessors {
    /** cpuset(7), list format: {@code 0-3,8-11}. */
    private static final Pattern RANGE = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?");

    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");

    private OnlineProcessors() {}

    /** How many there are; as many as the container may use where the kernel does not tell. */
    static int count() {
        try {
            return count(Files.readString(ONLINE));
        } catch (IOException | IllegalArgumentException e) {
            return Runtime.getRuntime().availableProcessors();
        }
    }

    /**
     * @param list as in /sys/devices/system/cpu/online
     * @throws IllegalArgumentException if it is no such list
     */
    static int count(String list) {
        int count = 0;
        for (String part : list.strip().split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                throw new IllegalArgumentException("no list of processors: " + list.strip());
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (last < first) {
                throw new IllegalArgumentException("no list of processors: " + list.strip());
            }
            count += last - first + 1;
        }
        return count;
    }
}
