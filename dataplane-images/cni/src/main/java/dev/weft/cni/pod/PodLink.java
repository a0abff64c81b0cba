package dev.weft.cni.pod;

import dev.weft.cni.ipam.Lease;
import dev.weft.cni.protocol.Attachment;
import dev.weft.cni.protocol.Bandwidth;
import dev.weft.linux.route.Route;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A pod link as it should be: a veth pair between the node and the pod, /32 and /128 addresses in the pod, and gateways
 * that exist only as permanent neighbour entries, so that nothing is ever asked on the link.
 *
 * @param hostLink name of the host's end
 * @param ifname name of the pod's end
 * @param hostMac MAC address of the host's end
 * @param podMac MAC address of the pod's end
 * @param ips the pod's addresses
 * @param mtu of both ends, in bytes
 * @param localnet whether packets from 127.0.0.1 of the node may go to the pod: it has host ports
 * @param bandwidth limits of the pod's traffic
 */
public record PodLink(
        String hostLink,
        String ifname,
        MacAddress hostMac,
        MacAddress podMac,
        List<Ip> ips,
        int mtu,
        boolean localnet,
        Bandwidth bandwidth) {

    /** Marks our routes among others ({@code ip route show proto 87}); 0x57 is W. */
    static final int ROUTE_PROTOCOL = 87;

    private static final Pattern HOST_LINK = Pattern.compile("weft[0-9a-f]{11}");
    private static final Ip GATEWAY_4 = Ip.parse("169.254.1.1");
    private static final Ip GATEWAY_6 = Ip.parse("fe80::1");

    public PodLink {
        ips = List.copyOf(ips);
    }

    /** The link of a lease. MAC addresses follow from the attachment: a link made again has the same. */
    public static PodLink of(Lease lease) {
        Attachment attachment = lease.attachment();
        return new PodLink(
                attachment.hostLink(),
                attachment.ifname(),
                MacAddress.derivedFrom("host/" + attachment),
                MacAddress.derivedFrom("pod/" + attachment),
                lease.ips(),
                lease.mtu(),
                lease.ports().stream().anyMatch(port -> port.listensIn(Family.IPV4)),
                lease.bandwidth());
    }

    /** Link-local, as the pod sees the node: no address of the node itself is needed. */
    public static Ip gateway(Family family) {
        return switch (family) {
            case IPV4 -> GATEWAY_4;
            case IPV6 -> GATEWAY_6;
        };
    }

    /** The pod's default route of a family, on a link of its namespace. */
    static Route defaultRoute(Family family, int link) {
        Ip gateway = gateway(family);
        return Route.via(Cidr.containing(gateway, 0), gateway, link)
                .withOnlink()
                .protocol(ROUTE_PROTOCOL);
    }

    /** The node's route to an address of a pod, on a link of the node. */
    static Route hostRoute(Ip pod, int link) {
        return Route.direct(Cidr.host(pod), link).protocol(ROUTE_PROTOCOL);
    }

    /** Whether the pod has an address of the family. */
    public boolean has(Family family) {
        return ips.stream().anyMatch(ip -> ip.family() == family);
    }

    /** Whether a name is one that {@link Attachment#hostLink} makes. */
    public static boolean isHostLink(String interfaceName) {
        return HOST_LINK.matcher(interfaceName).matches();
    }
}
