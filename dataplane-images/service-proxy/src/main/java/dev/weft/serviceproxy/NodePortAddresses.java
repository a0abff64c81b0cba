package dev.weft.serviceproxy;

import dev.weft.config.NodeConfig;
import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a node's ports for Services are open: node ports in the kernel, health checks as sockets. Pure. */
final class NodePortAddresses {
    private static final Cidr LINK_LOCAL = Cidr.parse("fe80::/10");

    private NodePortAddresses() {}

    /** Prefixes with all the addresses that node ports are open on; of others the node has none. */
    static List<Cidr> prefixes(Family family, ProxyConfig config, Site site) {
        return config.nodePortAddresses().isEmpty()
                ? notLoopback(family)
                : named(config, site).stream()
                        .filter(cidr -> cidr.family() == family)
                        .toList();
    }

    /**
     * The addresses that healthCheckNodePorts listen on; empty for all that the node has and will have.
     *
     * @param present the addresses that the node has
     */
    static Optional<Set<Ip>> listening(ProxyConfig config, Site site, Collection<Ip> present) {
        if (config.nodePortAddresses().isEmpty()) {
            return Optional.empty();
        }
        List<Cidr> named = named(config, site);
        return Optional.of(present.stream()
                .filter(ip -> named.stream().anyMatch(cidr -> cidr.contains(ip)))
                // One link's alone: to listen there takes its number as well, and no load balancer asks there.
                .filter(ip -> !LINK_LOCAL.contains(ip))
                .collect(Collectors.toSet()));
    }

    private static List<Cidr> named(ProxyConfig config, Site site) {
        List<Cidr> out = new ArrayList<>();
        for (String text : config.nodePortAddresses()) {
            if (text.equals(NodeConfig.ServiceProxy.PRIMARY)) {
                site.addresses().forEach(ip -> out.add(Cidr.host(ip)));
            } else {
                out.add(Cidr.parse(text));
            }
        }
        return out;
    }

    /** All but loopback, as prefixes. */
    private static List<Cidr> notLoopback(Family family) {
        Cidr loopback = Cidr.parse(family == Family.IPV4 ? "127.0.0.0/8" : "::1/128");
        List<Cidr> out = new ArrayList<>();
        for (int length = 1; length <= loopback.length(); length++) {
            byte[] sibling =
                    Cidr.containing(loopback.network(), length).network().bytes();
            sibling[(length - 1) / 8] ^= (byte) (0x80 >> (length - 1) % 8);
            out.add(new Cidr(Ip.of(sibling), length));
        }
        return out;
    }
}
