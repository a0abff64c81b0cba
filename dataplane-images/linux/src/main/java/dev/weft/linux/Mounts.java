package dev.weft.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Bind mounts that keep a namespace alive. */
final class Mounts {
    private static final long MS_BIND = 0x1000;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;

    private Mounts() {}

    static void bind(Path source, Path target) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.STATE);
            int result = Libc.mount(
                    state, arena.allocateFrom(source.toString()), arena.allocateFrom(target.toString()), MS_BIND);
            if (result < 0) {
                throw new LinuxException(-result, "mount", "bind " + source + " to " + target);
            }
        }
    }

    /** Unmounts; nothing mounted there (EINVAL) or no such file (ENOENT) is fine. */
    static void unmount(Path target) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Libc.STATE);
            int result = Libc.umount2(state, arena.allocateFrom(target.toString()), MNT_DETACH | UMOUNT_NOFOLLOW);
            if (result < 0 && result != -Errno.EINVAL && result != -Errno.ENOENT) {
                throw new LinuxException(-result, "umount2", "unmount " + target);
            }
        }
    }
}
