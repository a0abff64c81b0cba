package dev.weft.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file descriptor that has one owner, who closes it. Closing it while another thread uses its number is the owner's
 * mistake: the number may then name another file.
 */
public final class Fd implements AutoCloseable {
    private static final int O_CLOEXEC = 0x80000;
    private static final int CLOSED = -1;

    private final AtomicInteger number;

    private Fd(int number) {
        this.number = new AtomicInteger(number);
    }

    /** Takes over a number that a system call returned. */
    static Fd own(int number) {
        return new Fd(number);
    }

    /**
     * Opens a file for reading, close-on-exec.
     *
     * @throws LinuxException as {@code open(2)}
     */
    public static Fd open(Path path) {
        return open(path, 0);
    }

    static Fd open(Path path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.STATE);
            MemorySegment name = arena.allocateFrom(path.toString(), StandardCharsets.UTF_8);
            int fd = Libc.open(state, name, flags | O_CLOEXEC, 0);
            if (fd < 0) {
                throw new LinuxException(-fd, "open", "open " + path);
            }
            return new Fd(fd);
        }
    }

    /**
     * The number.
     *
     * @throws IllegalStateException if it is closed
     */
    public int number() {
        int fd = number.get();
        if (fd == CLOSED) {
            throw new IllegalStateException("the file descriptor is closed");
        }
        return fd;
    }

    /** Closes it; a second time does nothing. Errors are ignored, since Linux frees the number in any case. */
    @Override
    public void close() {
        int fd = number.getAndSet(CLOSED);
        if (fd != CLOSED) {
            try (Arena arena = Arena.ofConfined()) {
                Libc.close(arena.allocate(Libc.STATE), fd);
            }
        }
    }

    @Override
    public String toString() {
        return "fd " + number.get();
    }
}
