package dev.weft.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** The bare socket under {@link NetlinkSocket}: one thread at a time. */
final class NetlinkIo implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final short POLLIN = 1;
    private static final int SOCKADDR_NL_BYTES = 12;

    private final Fd fd;
    private final String name;
    private final NetlinkBuffers buffers;
    private boolean closed;

    private NetlinkIo(Fd fd, String name, NetlinkBuffers buffers) {
        this.fd = fd;
        this.name = name;
        this.buffers = buffers;
    }

    /** What a read brought. */
    sealed interface Outcome {}

    record Data(List<NetlinkFrame> frames) implements Outcome {}

    record Failure(int errno) implements Outcome {
        LinuxException exception(String tried) {
            return new LinuxException(errno, "recvmsg", tried);
        }
    }

    record Nothing() implements Outcome {}

    static NetlinkIo open(int protocol, String name) {
        NetlinkBuffers buffers = NetlinkBuffers.lend();
        int fd = Libc.socket(buffers.state, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
        if (fd < 0) {
            buffers.giveBack();
            throw new LinuxException(-fd, "socket", "open a netlink socket for " + name);
        }
        NetlinkIo io = new NetlinkIo(Fd.own(fd), name, buffers);
        int bound = Libc.bind(buffers.state, fd, buffers.kernelAddress(), SOCKADDR_NL_BYTES);
        if (bound < 0) {
            io.close();
            throw new LinuxException(-bound, "bind", "bind a netlink socket for " + name);
        }
        return io;
    }

    void setOption(int level, int option, int value) {
        buffers.option.set(JAVA_INT, 0, value);
        int result = Libc.setsockopt(buffers.state, number(), level, option, buffers.option, Integer.BYTES);
        if (result < 0) {
            throw new LinuxException(
                    -result, "setsockopt", "set option " + option + " of a netlink socket for " + name);
        }
    }

    /** Where a message can be written that is no longer than {@link NetlinkBuffers#SEND_BYTES}. */
    MemorySegment sendBuffer() {
        return buffers.send;
    }

    void send(MemorySegment data, String what) {
        long result;
        do {
            result = Libc.sendmsg(buffers.state, number(), buffers.sending(data), 0);
        } while (result == -Errno.EINTR);
        if (result < 0) {
            throw new LinuxException((int) -result, "sendmsg", "send " + what + ", " + data.byteSize() + " bytes");
        }
    }

    /** Reads once, waiting up to the time given, 0 for not at all. */
    Outcome receive(int timeoutMillis) {
        long deadline = System.nanoTime() + timeoutMillis * 1_000_000L;
        while (true) {
            long result = Libc.recvmsg(buffers.state, number(), buffers.receiving(), MSG_DONTWAIT);
            if (result >= 0) {
                if (buffers.truncated()) {
                    throw new NetlinkFormatException(
                            "a netlink message is longer than " + NetlinkBuffers.receiveBytes() + " bytes");
                }
                if (buffers.fromKernel()) {
                    return new Data(NetlinkFrame.parse(buffers.received(result)));
                }
            } else if (result == -Errno.EAGAIN) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return new Nothing();
                }
                awaitReadable((int) ((left + 999_999) / 1_000_000));
            } else if (result != -Errno.EINTR) {
                return new Failure((int) -result);
            }
        }
    }

    /** Throws away what is there to read. */
    void drain() {
        long result;
        do {
            result = Libc.recvmsg(buffers.state, number(), buffers.receiving(), MSG_DONTWAIT);
        } while (result >= 0 || result == -Errno.EINTR || result == -Errno.ENOBUFS);
    }

    private void awaitReadable(int timeoutMillis) {
        buffers.pollFd.set(JAVA_INT, 0, number());
        buffers.pollFd.set(JAVA_SHORT, 4, POLLIN);
        int result = Libc.poll(buffers.state, buffers.pollFd, 1, timeoutMillis);
        if (result < 0 && result != -Errno.EINTR) {
            throw new LinuxException(-result, "poll", "wait for a netlink socket");
        }
    }

    private int number() {
        if (closed) {
            throw new IllegalStateException("the netlink socket is closed");
        }
        return fd.number();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            fd.close();
            buffers.giveBack();
        }
    }
}
