package dev.weft.operator.plan;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.operator.observe.Discovered;
import dev.weft.operator.observe.NodeInfo;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold before the first write. Each check gives a sentence that says what to do. */
final class Preflight {
    private static final int NAMED_NODES = 5;

    private Preflight() {}

    static List<Problem> check(List<Cidr> podCidrs, String podCidrsFrom, Discovered discovered, List<NodeInfo> nodes) {
        if (nodes.stream().allMatch(n -> n.podCidrs().isEmpty())) {
            return List.of(noPodCidrs(nodes));
        }
        return Stream.of(
                        podCidrs.stream()
                                .flatMap(pods -> discovered.serviceCidrs().stream()
                                        .filter(pods::overlaps)
                                        .map(services -> overlap(pods, podCidrsFrom, services, discovered))),
                        podCidrs.stream().flatMap(pods -> nodesInside(pods, podCidrsFrom, nodes).stream()),
                        podCidrs.stream().flatMap(pods -> missingFamily(pods, podCidrsFrom, nodes).stream()),
                        outside(podCidrs, podCidrsFrom, nodes).stream(),
                        noApiServer(discovered).stream())
                .flatMap(Function.identity())
                .toList();
    }

    private static Problem noPodCidrs(List<NodeInfo> nodes) {
        if (nodes.isEmpty()) {
            return new Problem("NoNodes", "the cluster has no node yet; the installation starts with the first one");
        }
        return new Problem(
                "NoPodCIDRs",
                "no node has a podCIDR (" + names(nodes) + "): start kube-controller-manager with"
                        + " --allocate-node-cidrs=true and --cluster-cidr=10.244.0.0/16 (or your own prefixes)");
    }

    private static Problem overlap(Cidr pods, String from, Cidr services, Discovered discovered) {
        return new Problem(
                "CIDROverlap",
                "the pod network " + pods + " (" + from + ") overlaps the Service range " + services + " ("
                        + discovered.serviceCidrsFrom() + "): give one of them another prefix; nothing was applied");
    }

    private static Optional<Problem> nodesInside(Cidr pods, String from, List<NodeInfo> nodes) {
        List<NodeInfo> inside = nodes.stream()
                .filter(n -> n.internalIps().stream().anyMatch(pods::contains))
                .toList();
        if (inside.isEmpty()) {
            return Optional.empty();
        }
        Ip address = inside.getFirst().internalIps().stream()
                .filter(pods::contains)
                .findFirst()
                .orElseThrow();
        return Optional.of(new Problem(
                "NodesInPodNetwork",
                "the pod network " + pods + " (" + from + ") holds addresses of nodes, for example " + address + " of "
                        + inside.getFirst().name() + ": give pods a prefix of their own; nothing was applied"));
    }

    private static Optional<Problem> missingFamily(Cidr pods, String from, List<NodeInfo> nodes) {
        boolean served = PodCidrs.ranges(nodes).anyMatch(range -> range.family() == pods.family());
        String family = pods.family() == Family.IPV4 ? "IPv4" : "IPv6";
        return served
                ? Optional.empty()
                : Optional.of(new Problem(
                        "MissingFamily",
                        "the pod network has " + pods + " (" + from + ") but no node has an " + family
                                + " podCIDR: start kube-controller-manager with both families in --cluster-cidr, or"
                                + " leave the prefix out"));
    }

    private static Optional<Problem> outside(List<Cidr> podCidrs, String from, List<NodeInfo> nodes) {
        List<NodeInfo> outside = nodes.stream()
                .filter(n -> n.podCidrs().stream()
                        .anyMatch(range -> podCidrs.stream().noneMatch(p -> p.contains(range))))
                .toList();
        return outside.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                        "PodCIDROutside",
                        "podCIDRs of nodes lie outside the pod network " + podCidrs + " (" + from + "): "
                                + outside.stream()
                                        .limit(NAMED_NODES)
                                        .map(n -> n.name() + " has " + n.podCidrs())
                                        .collect(Collectors.joining(", "))
                                + "; podNetwork.cidrs must hold what kube-controller-manager hands out"));
    }

    private static Optional<Problem> noApiServer(Discovered discovered) {
        return discovered.apiServers().isEmpty()
                ? Optional.of(new Problem(
                        "NoAPIServer",
                        "the Service kubernetes in namespace default has no endpoint: agents need an address of the"
                                + " API server that works without Services"))
                : Optional.empty();
    }

    private static String names(List<NodeInfo> nodes) {
        String more = nodes.size() > NAMED_NODES ? " and " + (nodes.size() - NAMED_NODES) + " more" : "";
        return nodes.stream().limit(NAMED_NODES).map(NodeInfo::name).collect(Collectors.joining(", ")) + more;
    }
}
