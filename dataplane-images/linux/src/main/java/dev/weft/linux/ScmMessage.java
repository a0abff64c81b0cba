package dev.weft.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A {@code struct msghdr} with room for descriptors (cmsg(3), 64-bit layout). */
record ScmMessage(MemorySegment header, MemorySegment control) {
    static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private static final int SCM_RIGHTS = 1;
    private static final int CMSG_HEADER = 16;
    private static final int MSGHDR_BYTES = 56;
    private static final long CONTROL_LENGTH_AT = 40;

    /** Descriptors that one message may bring; the kernel drops those beyond. */
    private static final int MOST_FDS = 8;

    static ScmMessage receiving(Arena arena, MemorySegment data) {
        return of(arena, data, arena.allocate(CMSG_HEADER + MOST_FDS * Integer.BYTES, 8));
    }

    static ScmMessage sending(Arena arena, MemorySegment data, Optional<Fd> passed) {
        if (passed.isEmpty()) {
            return of(arena, data, MemorySegment.NULL);
        }
        MemorySegment control = arena.allocate(CMSG_HEADER + 8, 8);
        control.set(JAVA_LONG, 0, CMSG_HEADER + Integer.BYTES);
        control.set(JAVA_INT, 8, Sockets.SOL_SOCKET);
        control.set(JAVA_INT, 12, SCM_RIGHTS);
        control.set(JAVA_INT, CMSG_HEADER, passed.get().number());
        return of(arena, data, control);
    }

    private static ScmMessage of(Arena arena, MemorySegment data, MemorySegment control) {
        MemorySegment iovec = arena.allocate(16, 8);
        iovec.set(ADDRESS, 0, data);
        iovec.set(JAVA_LONG, 8, data.byteSize());
        MemorySegment header = arena.allocate(MSGHDR_BYTES, 8);
        header.set(ADDRESS, 16, iovec);
        header.set(JAVA_LONG, 24, 1);
        header.set(ADDRESS, 32, control);
        header.set(JAVA_LONG, CONTROL_LENGTH_AT, control.byteSize());
        return new ScmMessage(header, control);
    }

    /** The first descriptor that came; all others are closed. */
    Optional<Fd> takeFd() {
        Optional<Fd> first = Optional.empty();
        long end = header.get(JAVA_LONG, CONTROL_LENGTH_AT);
        long at = 0;
        while (end - at >= CMSG_HEADER) {
            long length = control.get(JAVA_LONG, at);
            if (length < CMSG_HEADER || length > end - at) {
                break;
            }
            if (control.get(JAVA_INT, at + 8) == Sockets.SOL_SOCKET && control.get(JAVA_INT, at + 12) == SCM_RIGHTS) {
                for (long fd = at + CMSG_HEADER; fd + Integer.BYTES <= at + length; fd += Integer.BYTES) {
                    Fd came = Fd.own(control.get(JAVA_INT, fd));
                    if (first.isEmpty()) {
                        first = Optional.of(came);
                    } else {
                        came.close();
                    }
                }
            }
            at += (length + 7) & ~7L;
        }
        return first;
    }
}
