package dev.weft.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * An open network namespace. Whoever opened it closes it; what was opened in it lives on.
 */
public final class Netns implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;

    private final Fd fd;

    private Netns(Fd fd) {
        this.fd = fd;
    }

    /** Work that is done in a namespace. */
    @FunctionalInterface
    public interface Body<T, E extends Exception> {
        T run() throws E;
    }

    /**
     * Opens the namespace that a file stands for, such as {@code /run/netns/x} or {@code /proc/1/ns/net}.
     *
     * @throws LinuxException as {@code open(2)}
     */
    public static Netns open(Path path) {
        return new Netns(Fd.open(path));
    }

    /** Takes over a descriptor that stands for a namespace, such as one that came over a Unix socket. */
    public static Netns of(Fd fd) {
        return new Netns(fd);
    }

    /** The descriptor's number, for attributes such as IFLA_NET_NS_FD. */
    public int fd() {
        return fd.number();
    }

    /**
     * Runs the body in this namespace, on a platform thread of its own that ends afterwards: {@code setns(2)} changes
     * one thread only, and a thread that came back wrong must not serve anybody else. Sockets and files under
     * {@code /proc/sys/net} that the body opens belong to this namespace from then on, on every thread.
     *
     * <p>Waits without heeding interrupts (the thread keeps its interrupt): the body must not block for long.
     *
     * @return what the body returns
     * @throws E what the body throws
     * @throws LinuxException if the namespace cannot be entered
     */
    public <T, E extends Exception> T call(Body<T, E> body) throws E {
        return NetnsThread.run(this, body);
    }

    /** Moves the calling thread for good. */
    void enter() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.STATE);
            int result = Libc.setns(state, fd.number(), CLONE_NEWNET);
            if (result < 0) {
                throw new LinuxException(-result, "setns", "enter the network namespace of " + fd);
            }
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
