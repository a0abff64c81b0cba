package dev.weft.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * A UDP socket for a server that answers many small datagrams: batches in and out with one system call each, and no
 * allocation for a datagram. Several may share an address and port (SO_REUSEPORT): the kernel spreads clients over them.
 * Bound to all addresses, an answer leaves from the address that was asked (IP_PKTINFO, RFC 3542 for IPv6).
 *
 * <p>One thread receives and answers; {@link #send} is for any thread.
 */
public final class UdpServerSocket implements AutoCloseable {
    private static final int SO_RCVBUF = 8;
    private static final int SO_REUSEPORT = 15;
    private static final int SO_RCVTIMEO = 20;
    private static final int IPPROTO_IP = 0;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IP_PKTINFO = 8;
    private static final int IPV6_V6ONLY = 26;
    private static final int IPV6_RECVPKTINFO = 49;
    private static final int MSG_WAITFORONE = 0x10000;
    private static final int MSG_TRUNC = 0x20;

    /** The kernel takes what net.core.rmem_max allows. */
    private static final int RECEIVE_BUFFER = 4 << 20;

    /** Whom to answer, and from which address: good as long as the socket is open. */
    public static final class ReturnPath {
        private final byte[] address;
        private final byte[] control;

        private ReturnPath(byte[] address, byte[] control) {
            this.address = address;
            this.control = control;
        }

        /** The client. */
        public Ip ip() {
            return InetSocket.ip(MemorySegment.ofArray(address));
        }
    }

    private final Fd fd;
    private final String name;
    private final boolean pktinfo;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state;
    private final MessageBatch in;
    private final MessageBatch out;
    private int staged;
    private long failures;

    private UdpServerSocket(Fd fd, String name, boolean pktinfo, int batch, int bytes) {
        this.fd = fd;
        this.name = name;
        this.pktinfo = pktinfo;
        this.state = arena.allocate(Libc.STATE);
        this.in = new MessageBatch(arena, batch, bytes);
        this.out = new MessageBatch(arena, batch, bytes);
    }

    /**
     * Opens a socket in the calling thread's network namespace.
     *
     * @param bind the address; {@code ::} takes IPv4 too where the kernel has both
     * @param port never 0 where several are to share it
     * @param batch datagrams a system call, 1 to 1024
     * @param bytes the longest datagram, either way; longer ones come cut, see {@link #isCut}
     * @param patience how long {@link #receive} waits
     * @throws LinuxException as {@code bind(2)}: EADDRINUSE, EADDRNOTAVAIL; EACCES below port 1024 without
     *     CAP_NET_BIND_SERVICE; EAFNOSUPPORT without IPv6
     */
    public static UdpServerSocket open(Ip bind, int port, int batch, int bytes, Duration patience) {
        String name = "UDP server " + bind + " port " + port;
        boolean any = bind.number().signum() == 0;
        Fd fd = Sockets.openBlocking(bind.family().addressFamily(), Sockets.SOCK_DGRAM, "open " + name);
        try (Arena scratch = Arena.ofConfined()) {
            Sockets.setOption(fd, Sockets.SOL_SOCKET, SO_REUSEPORT, 1, "open " + name);
            Sockets.setOption(fd, Sockets.SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER, "open " + name);
            MemorySegment timeval = scratch.allocate(16, 8);
            timeval.set(JAVA_LONG, 0, patience.toSeconds());
            timeval.set(JAVA_LONG, 8, patience.toNanosPart() / 1000);
            Sockets.check(
                    Libc.setsockopt(
                            scratch.allocate(Libc.STATE), fd.number(), Sockets.SOL_SOCKET, SO_RCVTIMEO, timeval, 16),
                    "setsockopt",
                    "open " + name);
            if (bind.family() == Family.IPV6) {
                Sockets.setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, any ? 0 : 1, "open " + name);
            }
            if (any && bind.family() == Family.IPV6) {
                Sockets.setOption(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1, "open " + name);
            } else if (any) {
                Sockets.setOption(fd, IPPROTO_IP, IP_PKTINFO, 1, "open " + name);
            }
            MemorySegment address = scratch.allocate(InetSocket.MOST_BYTES, 8);
            Sockets.bind(fd, address.asSlice(0, InetSocket.write(address, bind, port)), "bind " + name);
            return new UdpServerSocket(fd, name, any, batch, bytes);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Waits for datagrams, for as long as was said when it was opened.
     *
     * @return how many came, 0 if none; they are numbered from 0 and good until the next call
     * @throws LinuxException as {@code recvmmsg(2)}
     */
    public int receive() {
        in.prepareToReceive(pktinfo);
        int count = Libc.recvmmsg(state, fd.number(), in.headers(), in.size(), MSG_WAITFORONE);
        // A pending ICMP error of an earlier answer is no reason to stop either.
        if (count == -Errno.EAGAIN || count == -Errno.EINTR || count == -Errno.ECONNREFUSED) {
            return 0;
        }
        return Sockets.check(count, "recvmmsg", "receive on " + name);
    }

    /** Copies a datagram; returns its length. */
    public int read(int i, byte[] target) {
        return in.read(i, target);
    }

    /** Whether the datagram was longer than the socket takes. */
    public boolean isCut(int i) {
        return (in.flags(i) & MSG_TRUNC) != 0;
    }

    /** Whether the client speaks IPv4. */
    public boolean isIpv4(int i) {
        return in.isIpv4(i);
    }

    /** Stages an answer to datagram {@code i}; {@link #flush} sends it. At most one for each datagram. */
    public void reply(int i, byte[] data, int length) {
        out.answer(staged, in, i, data, length, pktinfo);
        staged++;
    }

    /** Sends what was staged. What the kernel refuses is dropped and counted: clients ask again. */
    public void flush() {
        int from = 0;
        while (from < staged) {
            int sent = Libc.sendmmsg(state, fd.number(), out.headersFrom(from), staged - from, Sockets.MSG_NOSIGNAL);
            if (sent > 0) {
                from += sent;
            } else if (sent != -Errno.EINTR) {
                failures++;
                from++;
            }
        }
        staged = 0;
    }

    /** Answers that the kernel refused. */
    public long failures() {
        return failures;
    }

    /** For an answer that comes later. */
    public ReturnPath returnPath(int i) {
        return new ReturnPath(in.address(i), pktinfo ? in.controlOfAnswer(i) : new byte[0]);
    }

    /**
     * Sends an answer now, on any thread.
     *
     * @throws LinuxException as {@code sendmsg(2)}
     */
    public void send(ReturnPath to, byte[] data, int length) {
        try (Arena confined = Arena.ofConfined()) {
            MemorySegment message = MessageBatch.single(confined, to.address, to.control, data, length);
            long result = Libc.sendmsg(confined.allocate(Libc.STATE), fd.number(), message, Sockets.MSG_NOSIGNAL);
            Sockets.check(result, "sendmsg", "answer on " + name);
        }
    }

    /** Closes it. The receiving thread must have ended; {@link #send} on others then fails. */
    @Override
    public void close() {
        fd.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
