package dev.weft.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Kernel parameters under {@code /proc/sys}. A name has its parts divided by dots, {@code net.ipv4.ip_forward}; if a part
 * has a dot of its own (a VLAN link's name), all are divided by slashes: {@code net/ipv4/conf/eth0.100/rp_filter}.
 */
public final class Sysctl {
    private static final Path ROOT = Path.of("/proc/sys");
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    private static final int MOST_BYTES = 4096;

    private Sysctl() {}

    /**
     * Reads a parameter of the calling thread's network namespace.
     *
     * @return the value without the newline behind it
     * @throws LinuxException ENOENT if there is none
     */
    public static String read(String name) {
        try (Fd fd = Fd.open(path(name), O_RDONLY);
                Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(MOST_BYTES);
            long length = Libc.read(arena.allocate(Libc.STATE), fd.number(), value);
            int count = Sockets.check(length, "read", "read sysctl " + name);
            return new String(value.asSlice(0, count).toArray(JAVA_BYTE), StandardCharsets.UTF_8).strip();
        }
    }

    /**
     * Writes a parameter of the calling thread's network namespace.
     *
     * @throws LinuxException ENOENT if there is none; EINVAL if the kernel does not take the value; EROFS or EACCES where
     *     {@code /proc/sys} is read-only
     */
    public static void write(String name, String value) {
        try (Fd fd = Fd.open(path(name), O_WRONLY);
                Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, value.getBytes(StandardCharsets.UTF_8));
            long result = Libc.write(arena.allocate(Libc.STATE), fd.number(), bytes);
            Sockets.check(result, "write", "set sysctl " + name + " to " + value);
        }
    }

    /** Reads a parameter of another network namespace, like {@link #read(String)}. */
    public static String read(Netns netns, String name) {
        return netns.call(() -> read(name));
    }

    /** Writes a parameter of another network namespace, like {@link #write(String, String)}. */
    public static void write(Netns netns, String name, String value) {
        write(netns, Map.of(name, value));
    }

    /** Writes parameters of another network namespace, in the map's order, up to the first that fails. */
    public static void write(Netns netns, Map<String, String> values) {
        netns.call(() -> {
            values.forEach(Sysctl::write);
            return values;
        });
    }

    /** The identity of this boot of the kernel: another one after every restart of the machine. */
    public static String bootId() {
        return read("kernel.random.boot_id");
    }

    static Path path(String name) {
        String relative = name.indexOf('/') >= 0 ? name : name.replace('.', '/');
        Path path = ROOT.resolve(relative).normalize();
        if (relative.isEmpty() || !path.startsWith(ROOT) || !path.equals(ROOT.resolve(relative))) {
            throw new IllegalArgumentException("'" + name + "' is not a sysctl's name");
        }
        return path;
    }
}
