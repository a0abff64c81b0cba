package dev.weft.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A listening Unix stream socket that only root can connect to.
 *
 * <p>{@link #accept} and the methods of {@link UnixConnection} hold their thread while they wait: call them on platform
 * threads, or on virtual ones with short timeouts.
 */
public final class UnixServer implements AutoCloseable {
    private static final int BACKLOG = 128;

    private final Path path;
    private final Fd fd;
    private final FileId file;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    private UnixServer(Path path, Fd fd, FileId file) {
        this.path = path;
        this.fd = fd;
        this.file = file;
    }

    /**
     * Listens on a path, mode 0600. What another process left there is replaced in one step, when this socket listens
     * already: clients never meet a socket of ours that refuses them.
     *
     * @param path at most 103 bytes of UTF-8; its folder exists
     * @throws LinuxException as {@code bind(2)} and {@code listen(2)}
     * @throws UncheckedIOException if the socket cannot be put in place
     */
    public static UnixServer listen(Path path) {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        String tried = "listen on " + path;
        Fd fd = Sockets.open(Sockets.AF_UNIX, Sockets.SOCK_STREAM, tried);
        try (Arena arena = Arena.ofConfined()) {
            Files.deleteIfExists(fresh);
            Sockets.bind(fd, UnixAddress.of(fresh, arena), tried);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            Sockets.check(Libc.listen(arena.allocate(Libc.STATE), fd.number(), BACKLOG), "listen", tried);
            FileId file = FileId.of(fresh);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new UnixServer(path, fd, file);
        } catch (IOException e) {
            fd.close();
            throw new UncheckedIOException(tried, e);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    /**
     * Waits for a client.
     *
     * @param timeout how long; also how long {@link #close} on another thread may have to wait
     * @return empty if none came, or if it was gone before it was accepted
     * @throws LinuxException as {@code accept4(2)}, such as EMFILE
     * @throws IllegalStateException if the server is closed
     */
    public Optional<UnixConnection> accept(Duration timeout) {
        lock.lock();
        try (Arena arena = Arena.ofConfined()) {
            if (closed) {
                throw new IllegalStateException("the server on " + path + " is closed");
            }
            if (!Sockets.await(fd, Sockets.POLLIN, timeout)) {
                return Optional.empty();
            }
            int client =
                    Libc.accept4(arena.allocate(Libc.STATE), fd.number(), Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC);
            if (client == -Errno.EAGAIN || client == -Errno.ECONNABORTED || client == -Errno.EINTR) {
                return Optional.empty();
            }
            Sockets.check(client, "accept4", "accept a client on " + path);
            return Optional.of(new UnixConnection(Fd.own(client), path));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops listening and deletes the socket's file, unless another server has replaced it. Connections live on. Waits
     * for an {@link #accept} on another thread.
     *
     * @throws UncheckedIOException if the file cannot be deleted
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            fd.close();
            if (Files.exists(path) && FileId.of(path).equals(file)) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("close the server on " + path, e);
        } finally {
            lock.unlock();
        }
    }
}
