package dev.weft.cni.pod;

import dev.weft.net.Cidr;
import java.util.List;

/**
 * What new pods get.
 *
 * @param podCidrs the podCIDRs of this node, one or two of different families
 * @param mtu of pod links, in bytes
 */
public record PodSettings(List<Cidr> podCidrs, int mtu) {
    public PodSettings {
        podCidrs = List.copyOf(podCidrs);
        if (podCidrs.isEmpty()) {
            throw new IllegalArgumentException("a node without podCIDRs gives no addresses");
        }
    }
}
