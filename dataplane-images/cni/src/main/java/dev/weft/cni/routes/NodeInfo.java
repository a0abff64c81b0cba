package dev.weft.cni.routes;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the pod network needs to know of a Node object.
 *
 * @param name name of the Node
 * @param created its creation timestamp, which settles who keeps a prefix that two nodes claim
 * @param internalIps its addresses of type InternalIP in the order of its status; the first is the primary one
 * @param podCidrs {@code spec.podCIDRs}, empty until the controller manager has given it any
 */
public record NodeInfo(String name, Instant created, List<Ip> internalIps, List<Cidr> podCidrs) {
    public NodeInfo {
        internalIps = List.copyOf(internalIps);
        podCidrs = List.copyOf(podCidrs);
    }

    public Optional<Ip> primaryIp() {
        return internalIps.stream().findFirst();
    }

    public Optional<Ip> internalIp(Family family) {
        return internalIps.stream().filter(ip -> ip.family() == family).findFirst();
    }
}
