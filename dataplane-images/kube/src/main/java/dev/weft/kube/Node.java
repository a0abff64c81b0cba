package dev.weft.kube;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Node, as far as the pod network is concerned.
 *
 * @param name never empty
 * @param uid changes when the Node is deleted and registered again
 * @param created its creation timestamp; the epoch where unknown
 * @param podCidrs {@code spec.podCIDRs}, at most one a family; empty until the cluster assigned them
 * @param internalIps addresses of type {@code InternalIP} in the order of the API, the node's primary family first
 * @param addresses all addresses of its status that are IP addresses, of whichever type, in the order of the API
 * @param taints keys of its taints
 * @param ready whether its condition {@code Ready} is {@code True}
 * @param deleting whether a deletion waits for finalizers
 */
public record Node(
        String name,
        String uid,
        Map<String, String> labels,
        Instant created,
        List<Cidr> podCidrs,
        List<Ip> internalIps,
        List<Ip> addresses,
        Set<String> taints,
        boolean ready,
        boolean deleting) {

    public Node {
        labels = Map.copyOf(labels);
        podCidrs = List.copyOf(podCidrs);
        internalIps = List.copyOf(internalIps);
        addresses = List.copyOf(addresses);
        taints = Set.copyOf(taints);
    }

    public Optional<Cidr> podCidr(Family family) {
        return podCidrs.stream().filter(cidr -> cidr.family() == family).findFirst();
    }

    /** The first {@code InternalIP} of a family. */
    public Optional<Ip> internalIp(Family family) {
        return internalIps.stream().filter(ip -> ip.family() == family).findFirst();
    }
}
