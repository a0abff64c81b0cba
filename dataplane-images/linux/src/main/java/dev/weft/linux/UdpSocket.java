package dev.weft.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A UDP socket of one family, bound to an address, with the path MTU options that the JDK's lack. One thread may receive
 * while another sends. It belongs to the network namespace in which it was opened.
 */
public final class UdpSocket implements AutoCloseable {
    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IPV6_MTU_DISCOVER = 23;
    private static final int IPV6_V6ONLY = 26;
    private static final int MOST_BYTES = 65535;

    /** What happens with datagrams that are too long for the path ({@code IP_PMTUDISC_*}, linux/in.h). */
    public enum PathMtu {
        /** They are fragmented. */
        FRAGMENT(0),
        /** Don't-fragment is set; longer than the path MTU that the kernel knows: EMSGSIZE. */
        DO(2),
        /** Don't-fragment is set and what the kernel knows of the path ignored; longer than the link's MTU: EMSGSIZE. */
        PROBE(3);

        private final int number;

        PathMtu(int number) {
            this.number = number;
        }
    }

    /** A datagram that came. The array is the receiver's. */
    @SuppressWarnings("ArrayRecordComponent") // a result, never compared
    public record Datagram(byte[] payload, Ip from, int port) {}

    private final Fd fd;
    private final Family family;
    private final String name;
    private final Arena arena = Arena.ofShared();
    private final Half sending = new Half(arena);
    private final Half receiving = new Half(arena);

    private UdpSocket(Fd fd, Family family, String name) {
        this.fd = fd;
        this.family = family;
        this.name = name;
    }

    /** The memory of one direction, for one thread at a time. */
    private static final class Half {
        private final ReentrantLock lock = new ReentrantLock();
        private final MemorySegment state;
        private final MemorySegment address;
        private final MemorySegment data;
        private final MemorySegment iovec;
        private final MemorySegment header;

        private Half(Arena arena) {
            state = arena.allocate(Libc.STATE);
            address = arena.allocate(InetSocket.MOST_BYTES, 8);
            data = arena.allocate(MOST_BYTES, 8);
            iovec = arena.allocate(16, 8);
            header = arena.allocate(56, 8);
            iovec.set(ADDRESS, 0, data);
            header.set(ADDRESS, 0, address);
            header.set(ADDRESS, 16, iovec);
            header.set(JAVA_LONG, 24, 1);
        }

        private MemorySegment message(int addressLength, int dataLength) {
            header.set(JAVA_INT, 8, addressLength);
            iovec.set(JAVA_LONG, 8, dataLength);
            return header;
        }
    }

    /**
     * Opens a socket in the calling thread's network namespace.
     *
     * @param bind the address to bind to; {@code 0.0.0.0} or {@code ::} for all of that family
     * @param port 0 for any, see {@link #port}
     * @throws LinuxException as {@code bind(2)}: EADDRINUSE, EADDRNOTAVAIL
     */
    public static UdpSocket open(Ip bind, int port) {
        String name = "UDP " + bind + " port " + port;
        Fd fd = Sockets.open(bind.family().addressFamily(), Sockets.SOCK_DGRAM, "open " + name);
        try (Arena scratch = Arena.ofConfined()) {
            if (bind.family() == Family.IPV6) {
                Sockets.setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1, "open " + name);
            }
            MemorySegment address = scratch.allocate(InetSocket.MOST_BYTES, 8);
            int length = InetSocket.write(address, bind, port);
            Sockets.bind(fd, address.asSlice(0, length), "bind " + name);
            return new UdpSocket(fd, bind.family(), name);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Opens a socket in another network namespace.
     *
     * @throws LinuxException if the namespace cannot be entered, or as {@link #open}
     */
    public static UdpSocket openIn(Netns netns, Ip bind, int port) {
        return netns.call(() -> open(bind, port));
    }

    /**
     * The port that it is bound to.
     *
     * @throws LinuxException as {@code getsockname(2)}
     */
    public int port() {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment address = scratch.allocate(InetSocket.MOST_BYTES, 8);
            MemorySegment length = scratch.allocateFrom(JAVA_INT, InetSocket.MOST_BYTES);
            int result = Libc.getsockname(scratch.allocate(Libc.STATE), fd.number(), address, length);
            Sockets.check(result, "getsockname", "ask for the port of " + name);
            return InetSocket.port(address);
        }
    }

    /**
     * Sets what happens with datagrams that are too long for the path.
     *
     * @throws LinuxException as {@code setsockopt(2)}
     */
    public void pathMtu(PathMtu mode) {
        boolean ipv4 = family == Family.IPV4;
        Sockets.setOption(
                fd,
                ipv4 ? IPPROTO_IP : IPPROTO_IPV6,
                ipv4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER,
                mode.number,
                "set path MTU discovery of " + name);
    }

    /**
     * Sends a datagram without waiting.
     *
     * @param payload at most 65507 bytes (IPv4) or 65527 (IPv6)
     * @param to an address of the socket's family
     * @throws LinuxException EMSGSIZE if it is too long and must not be fragmented; ENETUNREACH, EHOSTUNREACH, EINVAL
     *     without a route; EAGAIN or ENOBUFS if the queues are full; EPERM if a filter drops it
     */
    public void send(byte[] payload, Ip to, int port) {
        String tried = "send " + payload.length + " bytes from " + name + " to " + to + " port " + port;
        if (to.family() != family) {
            throw new LinuxException(Errno.EAFNOSUPPORT, "sendmsg", tried);
        }
        if (payload.length > MOST_BYTES) {
            throw new LinuxException(Errno.EMSGSIZE, "sendmsg", tried);
        }
        sending.lock.lock();
        try {
            int number = fd.number();
            int length = InetSocket.write(sending.address, to, port);
            MemorySegment.copy(payload, 0, sending.data, JAVA_BYTE, 0, payload.length);
            long result;
            do {
                result = Libc.sendmsg(
                        sending.state, number, sending.message(length, payload.length), Sockets.MSG_NOSIGNAL);
            } while (result == -Errno.EINTR);
            Sockets.check(result, "sendmsg", tried);
        } finally {
            sending.lock.unlock();
        }
    }

    /**
     * Waits for a datagram, holding the thread (and a virtual one's carrier) for up to the time given; so long may
     * {@link #close} on another thread have to wait.
     *
     * @return empty if none came
     * @throws LinuxException as {@code recvmsg(2)}
     */
    public Optional<Datagram> receive(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        receiving.lock.lock();
        try {
            while (true) {
                Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                if (!Sockets.await(fd, Sockets.POLLIN, left)) {
                    return Optional.empty();
                }
                MemorySegment message = receiving.message(InetSocket.MOST_BYTES, MOST_BYTES);
                long count = Libc.recvmsg(receiving.state, fd.number(), message, 0);
                // A datagram with a wrong checksum wakes the poller and is dropped by the read.
                if (count == -Errno.EAGAIN || count == -Errno.EINTR) {
                    continue;
                }
                int length = Sockets.check(count, "recvmsg", "receive on " + name);
                byte[] payload = receiving.data.asSlice(0, length).toArray(JAVA_BYTE);
                return Optional.of(
                        new Datagram(payload, InetSocket.ip(receiving.address), InetSocket.port(receiving.address)));
            }
        } finally {
            receiving.lock.unlock();
        }
    }

    /** Closes it once {@link #receive} and {@link #send} of other threads are done. A second time does nothing. */
    @Override
    public void close() {
        sending.lock.lock();
        receiving.lock.lock();
        try {
            fd.close();
            if (arena.scope().isAlive()) {
                arena.close();
            }
        } finally {
            receiving.lock.unlock();
            sending.lock.unlock();
        }
    }
}
