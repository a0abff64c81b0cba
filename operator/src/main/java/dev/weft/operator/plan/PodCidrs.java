package dev.weft.operator.plan;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.operator.observe.NodeInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Works out the pod network's prefixes from the ranges of the nodes. */
final class PodCidrs {
    /** kube-controller-manager's defaults make nodes' ranges of /24 out of a /16, and /64 out of a /56 or wider. */
    private static final int WIDEN_BITS = 8;

    private PodCidrs() {}

    /**
     * One prefix a family that holds all ranges of nodes, with room for nodes to come where nothing else is: neither
     * Services nor a node's own address.
     */
    static List<Cidr> covering(List<NodeInfo> nodes, List<Cidr> serviceCidrs) {
        return Arrays.stream(Family.values())
                .flatMap(family -> covering(family, nodes, serviceCidrs).stream())
                .toList();
    }

    private static Optional<Cidr> covering(Family family, List<NodeInfo> nodes, List<Cidr> serviceCidrs) {
        List<Cidr> ranges =
                ranges(nodes).filter(c -> c.family() == family).sorted().toList();
        if (ranges.isEmpty()) {
            return Optional.empty();
        }
        Cidr narrowest = ranges.getFirst();
        for (Cidr range : ranges) {
            while (!narrowest.contains(range)) {
                narrowest = Cidr.containing(narrowest.network(), narrowest.length() - 1);
            }
        }
        int widest = Math.max(0, ranges.getFirst().length() - WIDEN_BITS);
        for (int length = widest; length < narrowest.length(); length++) {
            Cidr candidate = Cidr.containing(narrowest.network(), length);
            if (serviceCidrs.stream().noneMatch(candidate::overlaps)
                    && addresses(nodes).noneMatch(candidate::contains)) {
                return Optional.of(candidate);
            }
        }
        return Optional.of(narrowest);
    }

    /** Whether every range of every node lies in one of the prefixes. */
    static boolean holdAll(List<Cidr> prefixes, List<NodeInfo> nodes) {
        return ranges(nodes).allMatch(range -> prefixes.stream().anyMatch(p -> p.contains(range)));
    }

    static Stream<Cidr> ranges(List<NodeInfo> nodes) {
        return nodes.stream().flatMap(n -> n.podCidrs().stream());
    }

    private static Stream<Ip> addresses(List<NodeInfo> nodes) {
        return nodes.stream().flatMap(n -> n.internalIps().stream());
    }
}
