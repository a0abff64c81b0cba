package dev.weft.cni.routes;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which prefix is whose. A prefix that two nodes claim stays with the older one; this node's own stay its own, for its
 * pods hold addresses of them.
 *
 * @param byNode prefixes granted, at most one a family, by node name
 * @param problems claims refused, and nodes without any
 */
record PodCidrClaims(Map<String, List<Cidr>> byNode, List<Problem> problems) {
    private static final Comparator<NodeInfo> OLDEST_FIRST =
            Comparator.comparing(NodeInfo::created).thenComparing(NodeInfo::name);

    PodCidrClaims {
        byNode = Map.copyOf(byNode);
        problems = List.copyOf(problems);
    }

    List<Cidr> of(NodeInfo node) {
        return byNode.getOrDefault(node.name(), List.of());
    }

    static PodCidrClaims settle(List<Cidr> podNetwork, NodeInfo self, Collection<NodeInfo> others) {
        List<NodeInfo> order = new ArrayList<>(others);
        order.sort(OLDEST_FIRST);
        order.addFirst(self);
        NavigableMap<Cidr, NodeInfo> granted = new TreeMap<>(); // prefixes in it never overlap
        Map<String, List<Cidr>> byNode = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (NodeInfo node : order) {
            List<Cidr> own = new ArrayList<>();
            Set<Family> families = EnumSet.noneOf(Family.class);
            for (Cidr claim : node.podCidrs()) {
                Optional<Map.Entry<Cidr, NodeInfo>> held = overlapping(granted, claim);
                if (podNetwork.stream().noneMatch(whole -> whole.contains(claim))) {
                    problems.add(refused(node, claim, "is outside the pod network " + podNetwork));
                } else if (held.isPresent()) {
                    Cidr holder = held.get().getKey();
                    NodeInfo other = held.get().getValue();
                    problems.add(refused(
                            node, claim, "overlaps " + holder + " of node " + other.name() + ", which keeps it"));
                    if (other.equals(self) && OLDEST_FIRST.compare(node, self) < 0) {
                        problems.add(new Problem(
                                self.name(),
                                true,
                                "podCIDR " + holder + " is also claimed by the older node " + node.name() + " as "
                                        + claim + ": other nodes do not send its traffic here"));
                    }
                } else if (families.add(claim.family())) {
                    granted.put(claim, node);
                    own.add(claim);
                }
            }
            if (node.podCidrs().isEmpty()) {
                problems.add(new Problem(
                        node.name(),
                        true,
                        "node " + node.name() + " has no podCIDR: the controller manager gives one when it runs with"
                                + " --allocate-node-cidrs and --cluster-cidr"));
            }
            byNode.put(node.name(), List.copyOf(own));
        }
        return new PodCidrClaims(byNode, problems);
    }

    private static Problem refused(NodeInfo node, Cidr claim, String why) {
        return new Problem(node.name(), true, "podCIDR " + claim + " of node " + node.name() + " " + why);
    }

    /** Prefixes are nested or apart, so among disjoint ones only the two next to the claim can overlap it. */
    private static Optional<Map.Entry<Cidr, NodeInfo>> overlapping(NavigableMap<Cidr, NodeInfo> granted, Cidr claim) {
        return Stream.of(
                        Optional.ofNullable(granted.floorEntry(claim)),
                        Optional.ofNullable(granted.ceilingEntry(claim)))
                .flatMap(Optional::stream)
                .filter(held -> held.getKey().overlaps(claim))
                .findFirst();
    }
}
