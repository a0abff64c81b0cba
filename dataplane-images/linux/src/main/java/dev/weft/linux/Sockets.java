package dev.weft.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** What sockets of every family share. Errors become {@link LinuxException} here. */
final class Sockets {
    static final int AF_UNIX = 1;
    static final int SOCK_STREAM = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOL_SOCKET = 1;
    static final int MSG_NOSIGNAL = 0x4000;

    static final short POLLIN = 1;
    static final short POLLOUT = 4;

    private Sockets() {}

    /** A close-on-exec socket that never blocks by itself: waiting is {@link #await}'s. */
    static Fd open(int family, int type, String tried) {
        return openBlocking(family, type | SOCK_NONBLOCK, tried);
    }

    /** A close-on-exec socket whose calls wait; SO_RCVTIMEO bounds that. */
    static Fd openBlocking(int family, int type, String tried) {
        try (Arena arena = Arena.ofConfined()) {
            int fd = Libc.socket(arena.allocate(Libc.STATE), family, type | SOCK_CLOEXEC, 0);
            return Fd.own(check(fd, "socket", tried));
        }
    }

    static void setOption(Fd fd, int level, int option, int value, String tried) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment holder = arena.allocateFrom(JAVA_INT, value);
            check(
                    Libc.setsockopt(arena.allocate(Libc.STATE), fd.number(), level, option, holder, Integer.BYTES),
                    "setsockopt",
                    tried);
        }
    }

    static void bind(Fd fd, MemorySegment address, String tried) {
        try (Arena arena = Arena.ofConfined()) {
            check(Libc.bind(arena.allocate(Libc.STATE), fd.number(), address, (int) address.byteSize()), "bind", tried);
        }
    }

    /**
     * Waits until the socket can be read or written, or has failed or ended.
     *
     * @return false if the time is over
     */
    static boolean await(Fd fd, short events, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.STATE);
            MemorySegment poll = arena.allocate(8, 8);
            poll.set(JAVA_INT, 0, fd.number());
            poll.set(JAVA_SHORT, 4, events);
            while (true) {
                long left = Math.max(0, (deadline - System.nanoTime() + 999_999) / 1_000_000);
                int ready = Libc.poll(state, poll, 1, (int) Math.min(left, Integer.MAX_VALUE));
                if (ready != -Errno.EINTR) {
                    return check(ready, "poll", "wait for a socket") > 0;
                }
            }
        }
    }

    static int check(long result, String call, String tried) {
        if (result < 0) {
            throw new LinuxException((int) -result, call, tried);
        }
        return (int) result;
    }
}
