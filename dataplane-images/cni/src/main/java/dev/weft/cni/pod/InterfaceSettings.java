package dev.weft.cni.pod;

import dev.weft.net.Family;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Settings of one interface under {@code /proc/sys/net}, in the network namespace of the calling thread. */
final class InterfaceSettings {
    private InterfaceSettings() {}

    /**
     * Sets one. A kernel without the family has nothing to set.
     *
     * @throws UncheckedIOException if the kernel refuses the value
     */
    static void set(Family family, String ifname, String key, String value) {
        Path folder = folder(family, ifname);
        if (family == Family.IPV6 && !Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.writeString(folder.resolve(key), value, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("set " + folder.resolve(key) + " to " + value, e);
        }
    }

    /**
     * Sets one if it has another value: for settings whose writing takes the RTNL lock.
     *
     * @throws UncheckedIOException if the kernel refuses the value
     */
    static void ensure(Family family, String ifname, String key, String value) {
        Path file = folder(family, ifname).resolve(key);
        try {
            if (Files.exists(file) && !Files.readString(file).strip().equals(value)) {
                set(family, ifname, key, value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("read " + file, e);
        }
    }

    private static Path folder(Family family, String ifname) {
        return Path.of("/proc/sys/net", family == Family.IPV4 ? "ipv4" : "ipv6", "conf", ifname);
    }
}
