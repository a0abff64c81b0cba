package dev.weft.cni.routes;

import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.List;

/**
 * The interface that holds the node's InternalIP.
 *
 * @param name its name
 * @param mtu its MTU in bytes
 * @param addresses its addresses, link-local ones left out
 * @param strictReversePath whether the kernel drops packets that come in here although their sender is routed
 *     elsewhere ({@code rp_filter} 1, {@code Documentation/networking/ip-sysctl.rst})
 * @param acceptsAdvertisements whether it takes its IPv6 default route from router advertisements as a host does
 *     ({@code accept_ra} 1), which the kernel stops doing once it forwards
 */
public record Uplink(
        String name,
        int mtu,
        List<InterfaceAddress> addresses,
        boolean strictReversePath,
        boolean acceptsAdvertisements) {
    public Uplink {
        addresses = List.copyOf(addresses);
    }

    /** Whether the other address is on the same link, as far as the subnets of this interface say. */
    public boolean sharesSubnetWith(Ip other) {
        return addresses.stream()
                .anyMatch(own -> own.prefixLength() < own.address().family().bits()
                        && own.subnet().contains(other));
    }

    public boolean has(Family family) {
        return addresses.stream().anyMatch(own -> own.address().family() == family);
    }
}
