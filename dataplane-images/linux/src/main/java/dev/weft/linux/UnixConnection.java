package dev.weft.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One end of a connected Unix stream socket, which carries bytes and file descriptors (SCM_RIGHTS, unix(7)). For one
 * thread at a time. What waits holds the thread, a virtual one's carrier too, for no longer than its timeout.
 */
public final class UnixConnection implements AutoCloseable {
    private static final int SO_PEERCRED = 17;
    private static final int CHUNK_BYTES = 16 * 1024;

    private final Fd fd;
    private final Path path;

    UnixConnection(Fd fd, Path path) {
        this.fd = fd;
        this.path = path;
    }

    /**
     * What came: bytes, none at the end of the stream, and the descriptor that came with them, which the receiver owns.
     */
    @SuppressWarnings("ArrayRecordComponent") // a result, never compared
    public record Received(byte[] bytes, Optional<Fd> fd) implements AutoCloseable {
        /** Whether the peer has ended its stream. */
        public boolean end() {
            return bytes.length == 0;
        }

        @Override
        public void close() {
            fd.ifPresent(Fd::close);
        }
    }

    /** Who is at the other end: its process when it connected (0 if that is in no namespace of ours), user and group. */
    public record Peer(int pid, int uid, int gid) {}

    /**
     * Connects to a listening socket.
     *
     * @throws LinuxException as {@code connect(2)}: ENOENT, ECONNREFUSED, or EAGAIN if its queue is full
     */
    public static UnixConnection connect(Path path) {
        String tried = "connect to " + path;
        Fd fd = Sockets.open(Sockets.AF_UNIX, Sockets.SOCK_STREAM, tried);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = UnixAddress.of(path, arena);
            int result =
                    Libc.connect(arena.allocate(Libc.STATE), fd.number(), address, Math.toIntExact(address.byteSize()));
            Sockets.check(result, "connect", tried);
            return new UnixConnection(fd, path);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Waits for bytes and takes what is there, up to a limit. A message's descriptor comes with its first byte.
     *
     * @param most the most bytes to take, at least 1
     * @throws LinuxException ETIMEDOUT if nothing came in time, ECONNRESET if the peer broke off
     */
    public Received receive(int most, Duration timeout) {
        if (most < 1) {
            throw new IllegalArgumentException("receive at most " + most + " bytes");
        }
        String tried = "receive on " + path;
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.STATE);
            MemorySegment data = arena.allocate(Math.min(most, CHUNK_BYTES));
            while (true) {
                Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                if (!Sockets.await(fd, Sockets.POLLIN, left)) {
                    throw new LinuxException(Errno.ETIMEDOUT, "recvmsg", tried);
                }
                ScmMessage message = ScmMessage.receiving(arena, data);
                long count = Libc.recvmsg(state, fd.number(), message.header(), ScmMessage.MSG_CMSG_CLOEXEC);
                if (count == -Errno.EAGAIN || count == -Errno.EINTR) {
                    continue;
                }
                int length = Sockets.check(count, "recvmsg", tried);
                return new Received(data.asSlice(0, length).toArray(JAVA_BYTE), message.takeFd());
            }
        }
    }

    /**
     * Waits for exactly so many bytes. Of the descriptors that come with them the first is kept, others are closed.
     *
     * @throws LinuxException ETIMEDOUT if they did not come in time, ECONNRESET if the stream ended before
     */
    public Received receiveFully(int length, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.min(length, CHUNK_BYTES));
        Optional<Fd> first = Optional.empty();
        try {
            while (bytes.size() < length) {
                Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                Received part = receive(length - bytes.size(), left);
                if (first.isEmpty()) {
                    first = part.fd();
                } else {
                    part.close();
                }
                if (part.end()) {
                    throw new LinuxException(
                            Errno.ECONNRESET,
                            "recvmsg",
                            "receive " + length + " bytes on " + path,
                            "the stream ended after " + bytes.size());
                }
                bytes.writeBytes(part.bytes());
            }
        } catch (RuntimeException e) {
            first.ifPresent(Fd::close);
            throw e;
        }
        return new Received(bytes.toByteArray(), first);
    }

    /**
     * Sends all bytes.
     *
     * @throws LinuxException ETIMEDOUT if the peer did not take them in time, EPIPE or ECONNRESET if it is gone
     */
    public void send(byte[] bytes, Duration timeout) {
        send(bytes, Optional.empty(), timeout);
    }

    /**
     * Sends all bytes, and with the first of them a descriptor, which stays the caller's.
     *
     * @param bytes at least one byte if there is a descriptor
     * @throws LinuxException ETIMEDOUT if the peer did not take them in time, EPIPE or ECONNRESET if it is gone
     */
    public void send(byte[] bytes, Fd passed, Duration timeout) {
        send(bytes, Optional.of(passed), timeout);
    }

    private void send(byte[] bytes, Optional<Fd> passed, Duration timeout) {
        String tried = "send " + bytes.length + " bytes on " + path;
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.STATE);
            MemorySegment data = arena.allocateFrom(JAVA_BYTE, bytes);
            long sent = 0;
            while (sent < bytes.length) {
                Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                if (!Sockets.await(fd, Sockets.POLLOUT, left)) {
                    throw new LinuxException(Errno.ETIMEDOUT, "sendmsg", tried);
                }
                ScmMessage message =
                        ScmMessage.sending(arena, data.asSlice(sent), sent == 0 ? passed : Optional.empty());
                long count = Libc.sendmsg(state, fd.number(), message.header(), Sockets.MSG_NOSIGNAL);
                if (count != -Errno.EAGAIN && count != -Errno.EINTR) {
                    sent += Sockets.check(count, "sendmsg", tried);
                }
            }
        }
    }

    /**
     * Who is at the other end.
     *
     * @throws LinuxException as {@code getsockopt(2)}
     */
    public Peer peer() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment credentials = arena.allocate(12, 4);
            MemorySegment length = arena.allocateFrom(JAVA_INT, 12);
            int result = Libc.getsockopt(
                    arena.allocate(Libc.STATE), fd.number(), Sockets.SOL_SOCKET, SO_PEERCRED, credentials, length);
            Sockets.check(result, "getsockopt", "identify the peer on " + path);
            return new Peer(credentials.get(JAVA_INT, 0), credentials.get(JAVA_INT, 4), credentials.get(JAVA_INT, 8));
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
