package dev.weft.linux.route;

import dev.weft.linux.NetlinkFormatException;
import dev.weft.linux.NetlinkReader;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import java.util.Optional;

/** Addresses in attributes. */
final class IpBytes {
    private static final int MAC_BYTES = 6;

    private IpBytes() {}

    /**
     * The address in an attribute.
     *
     * @throws NetlinkFormatException if it has neither 4 nor 16 bytes
     */
    static Ip ip(NetlinkReader reader) {
        if (reader.length() != 4 && reader.length() != 16) {
            throw new NetlinkFormatException("an IP address has 4 or 16 bytes, not " + reader.length());
        }
        return Ip.of(reader.bytes());
    }

    /** The MAC address in an attribute; empty for links without Ethernet, whose addresses have other lengths. */
    static Optional<MacAddress> mac(NetlinkReader reader) {
        return reader.length() == MAC_BYTES ? Optional.of(MacAddress.of(reader.bytes())) : Optional.empty();
    }

    /** The family of an address family number, empty for those that are not IP. */
    static Optional<Family> family(int addressFamily) {
        for (Family family : Family.values()) {
            if (family.addressFamily() == addressFamily) {
                return Optional.of(family);
            }
        }
        return Optional.empty();
    }

    static Ip any(Family family) {
        return Ip.of(new byte[family.bits() / 8]);
    }
}
