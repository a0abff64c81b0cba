package dev.weft.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.weft.net.Family;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Settings of a network device by SIOCETHTOOL (linux/ethtool.h). */
public final class Ethtool {
    private static final long SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_GTXCSUM = 0x16;
    private static final int ETHTOOL_STXCSUM = 0x17;
    private static final int IFREQ_BYTES = 40;
    private static final int NAME_BYTES = 16;

    private Ethtool() {}

    /**
     * Whether the device works out the checksums of what it sends ({@code ethtool -k}: tx-checksumming), in the calling
     * thread's network namespace.
     *
     * @throws LinuxException ENODEV if there is no such link, EOPNOTSUPP if it has no such setting
     */
    public static boolean txChecksum(String link) {
        return ioctl(link, ETHTOOL_GTXCSUM, 0, "ask for tx-checksumming of " + link) != 0;
    }

    /**
     * Lets the device work out the checksums of what it sends, or the kernel ({@code ethtool -K link tx on|off}), in the
     * calling thread's network namespace. With them go the segmentation offloads, which rest on them.
     *
     * @throws LinuxException ENODEV if there is no such link, EOPNOTSUPP if it has no such setting
     */
    public static void txChecksum(String link, boolean on) {
        ioctl(link, ETHTOOL_STXCSUM, on ? 1 : 0, "turn tx-checksumming of " + link + (on ? " on" : " off"));
    }

    private static int ioctl(String link, int command, int value, String tried) {
        byte[] name = link.getBytes(StandardCharsets.UTF_8);
        if (name.length >= NAME_BYTES) {
            throw new LinuxException(Errno.ENODEV, "ioctl", tried);
        }
        try (Fd fd = Sockets.open(Family.IPV4.addressFamily(), Sockets.SOCK_DGRAM, tried);
                Arena arena = Arena.ofConfined()) {
            MemorySegment ethtoolValue = arena.allocate(8, 4);
            ethtoolValue.set(JAVA_INT, 0, command);
            ethtoolValue.set(JAVA_INT, 4, value);
            MemorySegment request = arena.allocate(IFREQ_BYTES, 8);
            MemorySegment.copy(name, 0, request, JAVA_BYTE, 0, name.length);
            request.set(ADDRESS, NAME_BYTES, ethtoolValue);
            int result = Libc.ioctl(arena.allocate(Libc.STATE), fd.number(), SIOCETHTOOL, request);
            Sockets.check(result, "ioctl", tried);
            return ethtoolValue.get(JAVA_INT, 4);
        }
    }
}
