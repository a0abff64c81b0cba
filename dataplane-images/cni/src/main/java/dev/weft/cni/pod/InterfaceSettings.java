package dev.weft.cni.pod;

import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Sysctl;
import dev.weft.net.Family;

/** Settings of one interface under {@code /proc/sys/net}, in the network namespace of the calling thread. */
final class InterfaceSettings {
    private InterfaceSettings() {}

    /**
     * Sets one. A kernel without IPv6 has nothing to set for it.
     *
     * @throws LinuxException if the kernel refuses the value
     */
    static void set(Family family, String ifname, String key, String value) {
        try {
            Sysctl.write(name(family, ifname, key), value);
        } catch (LinuxException e) {
            ignoreAbsentIpv6(family, e);
        }
    }

    /**
     * Sets one if it has another value: for settings whose writing takes the RTNL lock.
     *
     * @throws LinuxException if the kernel refuses the value
     */
    static void ensure(Family family, String ifname, String key, String value) {
        try {
            if (!Sysctl.read(name(family, ifname, key)).equals(value)) {
                set(family, ifname, key, value);
            }
        } catch (LinuxException e) {
            ignoreAbsentIpv6(family, e);
        }
    }

    private static void ignoreAbsentIpv6(Family family, LinuxException failure) {
        if (family != Family.IPV6 || failure.errno() != Errno.ENOENT) {
            throw failure;
        }
    }

    private static String name(Family family, String ifname, String key) {
        return "net/" + (family == Family.IPV4 ? "ipv4" : "ipv6") + "/conf/" + ifname + "/" + key;
    }
}
