package dev.weft.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** {@code struct sockaddr_un} (unix(7)). */
final class UnixAddress {
    /** Bytes of a path, its terminating zero included. */
    private static final int PATH_BYTES = 108;

    private UnixAddress() {}

    static MemorySegment of(Path path, Arena arena) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= PATH_BYTES) {
            throw new LinuxException(
                    Errno.ENAMETOOLONG, "bind", "use " + path + " as a Unix socket, at most 107 bytes");
        }
        MemorySegment address = arena.allocate(2 + PATH_BYTES, 8);
        address.set(JAVA_SHORT, 0, (short) Sockets.AF_UNIX);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
        return address;
    }
}
