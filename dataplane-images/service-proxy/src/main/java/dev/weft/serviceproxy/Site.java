package dev.weft.serviceproxy;

import dev.weft.kube.Node;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.List;

/**
 * The node, as far as it matters where Services lead.
 *
 * @param node its name
 * @param zone label {@code topology.kubernetes.io/zone}, empty if it has none
 * @param addresses of its Node object
 * @param podCidrs addresses of its pods
 */
record Site(String node, String zone, List<Ip> addresses, List<Cidr> podCidrs) {
    Site {
        addresses = List.copyOf(addresses);
        podCidrs = List.copyOf(podCidrs);
    }

    static Site of(Node node) {
        return new Site(
                node.name(),
                node.labels().getOrDefault("topology.kubernetes.io/zone", ""),
                node.internalIps(),
                node.podCidrs());
    }
}
