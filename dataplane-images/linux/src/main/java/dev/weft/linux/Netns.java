package dev.weft.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
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

    /**
     * Opens the calling thread's namespace.
     *
     * @throws LinuxException as {@code open(2)}
     */
    public static Netns current() {
        return open(Path.of("/proc/thread-self/ns/net"));
    }

    /**
     * Makes a namespace without a name: it lives as long as something holds it open or is in it. Its {@code lo} is down.
     *
     * @throws LinuxException as {@code unshare(2)}
     */
    public static Netns create() {
        return NetnsThread.run(Netns::unshare, Netns::current);
    }

    /**
     * Makes a namespace and mounts it on a file, as {@code ip netns add} does: it lives until {@link #delete}, or as long
     * as the mount namespace of this process. The file and missing folders above it are made. What holds an earlier
     * namespace must be deleted first.
     *
     * @throws LinuxException EEXIST if the file exists; as {@code unshare(2)} and {@code mount(2)}
     * @throws UncheckedIOException if the file cannot be made
     */
    public static Netns createAt(Path path) {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.createFile(path);
        } catch (FileAlreadyExistsException e) {
            throw new LinuxException(Errno.EEXIST, "open", "make the network namespace " + path);
        } catch (IOException e) {
            throw new UncheckedIOException("make the network namespace " + path, e);
        }
        try {
            return NetnsThread.run(Netns::unshare, () -> {
                Mounts.bind(Path.of("/proc/thread-self/ns/net"), path);
                return open(path);
            });
        } catch (LinuxException e) {
            delete(path);
            throw e;
        }
    }

    /**
     * Unmounts and deletes what {@link #createAt} made. The namespace itself ends with its last user. A file that does not
     * exist is fine, and so is one on which nothing is mounted.
     *
     * @throws LinuxException as {@code umount2(2)}
     * @throws UncheckedIOException if the file cannot be deleted
     */
    public static void delete(Path path) {
        Mounts.unmount(path);
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("delete the network namespace " + path, e);
        }
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
        return NetnsThread.run(this::enter, body);
    }

    /**
     * What tells this namespace from all others that live.
     *
     * @throws UncheckedIOException if it cannot be read
     */
    public FileId id() {
        return FileId.of(Path.of("/proc/self/fd/" + fd.number()));
    }

    private static void unshare() {
        try (Arena arena = Arena.ofConfined()) {
            int result = Libc.unshare(arena.allocate(Libc.STATE), CLONE_NEWNET);
            if (result < 0) {
                throw new LinuxException(-result, "unshare", "make a network namespace");
            }
        }
    }

    /** Moves the calling thread for good. */
    private void enter() {
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
