package dev.weft.serviceproxy;

import dev.weft.config.NodeConfig;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import java.util.List;

/**
 * What the operator decides about Services on a node.
 *
 * @param podCidrs prefixes of the whole pod network: their addresses are inside, all others outside
 * @param serviceCidrs prefixes of ClusterIPs; may be empty where unknown
 * @param nodePortAddresses addresses that node ports are open on, CIDRs or {@code primary}; empty: all but loopback
 */
public record ProxyConfig(List<Cidr> podCidrs, List<Cidr> serviceCidrs, List<String> nodePortAddresses) {
    public ProxyConfig {
        podCidrs = List.copyOf(podCidrs);
        serviceCidrs = List.copyOf(serviceCidrs);
        nodePortAddresses = List.copyOf(nodePortAddresses);
    }

    /** What a node's configuration says. */
    public static ProxyConfig of(NodeConfig config) {
        return new ProxyConfig(
                config.podCidrs(),
                config.serviceProxy().serviceCidrs(),
                config.serviceProxy().nodePortAddresses());
    }

    List<Cidr> podCidrs(Family family) {
        return podCidrs.stream().filter(cidr -> cidr.family() == family).toList();
    }

    List<Cidr> serviceCidrs(Family family) {
        return serviceCidrs.stream().filter(cidr -> cidr.family() == family).toList();
    }
}
