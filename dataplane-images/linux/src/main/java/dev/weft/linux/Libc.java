package dev.weft.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The C library's system calls. Every method takes a segment of {@link #STATE} for errno first and returns the call's
 * result, or {@code -errno} as the kernel itself does.
 *
 * <p>Blocking calls hold the carrier of a virtual thread: callers bound them by {@code poll} timeouts.
 */
final class Libc {
    /** Where errno is captured. One per thread at a time. */
    static final StructLayout STATE = Linker.Option.captureStateLayout();

    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    private static final MethodHandle SOCKET = link("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = link("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CONNECT = link("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LISTEN = link("listen", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle ACCEPT4 = link("accept4", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKNAME = link("getsockname", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SETSOCKOPT =
            link("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            link("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SENDMSG = link("sendmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECVMSG = link("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECVMMSG =
            link("recvmmsg", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle SENDMMSG = link("sendmmsg", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle POLL = link("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CLOSE = link("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle OPEN = link("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle READ = link("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE = link("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle SETNS = link("setns", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle UNSHARE = link("unshare", JAVA_INT, JAVA_INT);
    private static final MethodHandle MOUNT = link("mount", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle UMOUNT2 = link("umount2", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle IOCTL = link("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);

    private Libc() {}

    static int socket(MemorySegment state, int domain, int type, int protocol) {
        try {
            return result(state, (int) SOCKET.invokeExact(state, domain, type, protocol));
        } catch (Throwable e) {
            throw broken("socket", e);
        }
    }

    static int bind(MemorySegment state, int fd, MemorySegment address, int length) {
        try {
            return result(state, (int) BIND.invokeExact(state, fd, address, length));
        } catch (Throwable e) {
            throw broken("bind", e);
        }
    }

    static int connect(MemorySegment state, int fd, MemorySegment address, int length) {
        try {
            return result(state, (int) CONNECT.invokeExact(state, fd, address, length));
        } catch (Throwable e) {
            throw broken("connect", e);
        }
    }

    static int listen(MemorySegment state, int fd, int backlog) {
        try {
            return result(state, (int) LISTEN.invokeExact(state, fd, backlog));
        } catch (Throwable e) {
            throw broken("listen", e);
        }
    }

    /** {@code accept4} without asking for the peer's address. */
    static int accept4(MemorySegment state, int fd, int flags) {
        try {
            return result(state, (int) ACCEPT4.invokeExact(state, fd, MemorySegment.NULL, MemorySegment.NULL, flags));
        } catch (Throwable e) {
            throw broken("accept4", e);
        }
    }

    static int getsockname(MemorySegment state, int fd, MemorySegment address, MemorySegment length) {
        try {
            return result(state, (int) GETSOCKNAME.invokeExact(state, fd, address, length));
        } catch (Throwable e) {
            throw broken("getsockname", e);
        }
    }

    static int setsockopt(MemorySegment state, int fd, int level, int name, MemorySegment value, int length) {
        try {
            return result(state, (int) SETSOCKOPT.invokeExact(state, fd, level, name, value, length));
        } catch (Throwable e) {
            throw broken("setsockopt", e);
        }
    }

    static int getsockopt(MemorySegment state, int fd, int level, int name, MemorySegment value, MemorySegment length) {
        try {
            return result(state, (int) GETSOCKOPT.invokeExact(state, fd, level, name, value, length));
        } catch (Throwable e) {
            throw broken("getsockopt", e);
        }
    }

    static long sendmsg(MemorySegment state, int fd, MemorySegment message, int flags) {
        try {
            return result(state, (long) SENDMSG.invokeExact(state, fd, message, flags));
        } catch (Throwable e) {
            throw broken("sendmsg", e);
        }
    }

    static long recvmsg(MemorySegment state, int fd, MemorySegment message, int flags) {
        try {
            return result(state, (long) RECVMSG.invokeExact(state, fd, message, flags));
        } catch (Throwable e) {
            throw broken("recvmsg", e);
        }
    }

    /** {@code recvmmsg} without a time-out of its own: SO_RCVTIMEO bounds it. */
    static int recvmmsg(MemorySegment state, int fd, MemorySegment messages, int count, int flags) {
        try {
            return result(state, (int) RECVMMSG.invokeExact(state, fd, messages, count, flags, MemorySegment.NULL));
        } catch (Throwable e) {
            throw broken("recvmmsg", e);
        }
    }

    static int sendmmsg(MemorySegment state, int fd, MemorySegment messages, int count, int flags) {
        try {
            return result(state, (int) SENDMMSG.invokeExact(state, fd, messages, count, flags));
        } catch (Throwable e) {
            throw broken("sendmmsg", e);
        }
    }

    static int poll(MemorySegment state, MemorySegment fds, long count, int timeoutMillis) {
        try {
            return result(state, (int) POLL.invokeExact(state, fds, count, timeoutMillis));
        } catch (Throwable e) {
            throw broken("poll", e);
        }
    }

    static int close(MemorySegment state, int fd) {
        try {
            return result(state, (int) CLOSE.invokeExact(state, fd));
        } catch (Throwable e) {
            throw broken("close", e);
        }
    }

    static int open(MemorySegment state, MemorySegment path, int flags, int mode) {
        try {
            return result(state, (int) OPEN.invokeExact(state, path, flags, mode));
        } catch (Throwable e) {
            throw broken("open", e);
        }
    }

    static long read(MemorySegment state, int fd, MemorySegment target) {
        try {
            return result(state, (long) READ.invokeExact(state, fd, target, target.byteSize()));
        } catch (Throwable e) {
            throw broken("read", e);
        }
    }

    static long write(MemorySegment state, int fd, MemorySegment data) {
        try {
            return result(state, (long) WRITE.invokeExact(state, fd, data, data.byteSize()));
        } catch (Throwable e) {
            throw broken("write", e);
        }
    }

    static int setns(MemorySegment state, int fd, int type) {
        try {
            return result(state, (int) SETNS.invokeExact(state, fd, type));
        } catch (Throwable e) {
            throw broken("setns", e);
        }
    }

    static int unshare(MemorySegment state, int flags) {
        try {
            return result(state, (int) UNSHARE.invokeExact(state, flags));
        } catch (Throwable e) {
            throw broken("unshare", e);
        }
    }

    /** {@code mount} without file system type and data: bind mounts and changes of propagation. */
    static int mount(MemorySegment state, MemorySegment source, MemorySegment target, long flags) {
        try {
            return result(state, (int)
                    MOUNT.invokeExact(state, source, target, MemorySegment.NULL, flags, MemorySegment.NULL));
        } catch (Throwable e) {
            throw broken("mount", e);
        }
    }

    static int umount2(MemorySegment state, MemorySegment target, int flags) {
        try {
            return result(state, (int) UMOUNT2.invokeExact(state, target, flags));
        } catch (Throwable e) {
            throw broken("umount2", e);
        }
    }

    static int ioctl(MemorySegment state, int fd, long request, MemorySegment argument) {
        try {
            return result(state, (int) IOCTL.invokeExact(state, fd, request, argument));
        } catch (Throwable e) {
            throw broken("ioctl", e);
        }
    }

    private static int result(MemorySegment state, int returned) {
        return returned >= 0 ? returned : -errno(state);
    }

    private static long result(MemorySegment state, long returned) {
        return returned >= 0 ? returned : -errno(state);
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static MethodHandle link(String name, MemoryLayout returned, MemoryLayout... arguments) {
        return link(name, -1, returned, arguments);
    }

    private static MethodHandle link(String name, int firstVariadic, MemoryLayout returned, MemoryLayout... arguments) {
        MemorySegment symbol = LINKER.defaultLookup()
                .find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no " + name + "; Weft needs glibc"));
        FunctionDescriptor descriptor = FunctionDescriptor.of(returned, arguments);
        return firstVariadic < 0
                ? LINKER.downcallHandle(symbol, descriptor, CAPTURE)
                : LINKER.downcallHandle(symbol, descriptor, CAPTURE, Linker.Option.firstVariadicArg(firstVariadic));
    }

    /** A handle that does not fit its call is a mistake in this file, or an Error that goes on as it is. */
    private static Error broken(String name, Throwable cause) {
        return cause instanceof Error error ? error : new LinkageError("calling " + name, cause);
    }
}
