package dev.weft.networkpolicy;

import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.LabelSelector;
import dev.weft.kube.NetworkPolicy.Peer;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The other side of some rules, put together: whoever any of them means.
 *
 * @param everyone whether it is everybody, whether pod or not
 * @param pods selections of pods
 * @param nodes selections of nodes
 */
record Peers(boolean everyone, Set<PodSelection> pods, Set<LabelSelector> nodes, Addresses ipv4, Addresses ipv6) {
    static final Peers NOBODY = of(false);

    static final Peers EVERYONE = of(true);

    Peers {
        pods = Set.copyOf(pods);
        nodes = Set.copyOf(nodes);
    }

    private static Peers of(boolean everyone) {
        return new Peers(everyone, Set.of(), Set.of(), Addresses.none(Family.IPV4), Addresses.none(Family.IPV6));
    }

    /**
     * The peers of a rule.
     *
     * @param home the policy's namespace
     */
    static Peers of(List<Peer> peers, String home) {
        if (peers.isEmpty()) {
            return EVERYONE;
        }
        Set<PodSelection> pods = new LinkedHashSet<>();
        List<Peer.Block> blocks = new ArrayList<>();
        for (Peer peer : peers) {
            switch (peer) {
                case Peer.Pods(var namespaces, var selector) ->
                    pods.add(namespaces
                            .map(labels -> PodSelection.of(labels, selector))
                            .orElseGet(() -> PodSelection.in(home, selector)));
                case Peer.Block block -> blocks.add(block);
                case Peer.Nobody() -> {}
            }
        }
        return new Peers(false, pods, Set.of(), Addresses.of(Family.IPV4, blocks), Addresses.of(Family.IPV6, blocks));
    }

    /** The peers of a ClusterNetworkPolicy's rule. */
    static Peers of(List<ClusterNetworkPolicy.Peer> peers) {
        Set<PodSelection> pods = new LinkedHashSet<>();
        Set<LabelSelector> nodes = new LinkedHashSet<>();
        List<Peer.Block> blocks = new ArrayList<>();
        for (ClusterNetworkPolicy.Peer peer : peers) {
            switch (peer) {
                case ClusterNetworkPolicy.Peer.Pods(var namespaces, var selector) ->
                    pods.add(PodSelection.of(namespaces, selector));
                case ClusterNetworkPolicy.Peer.Nodes(var selector) -> nodes.add(selector);
                case ClusterNetworkPolicy.Peer.Networks(var cidrs) ->
                    cidrs.forEach(cidr -> blocks.add(new Peer.Block(cidr, List.of())));
                case ClusterNetworkPolicy.Peer.Everybody() -> {
                    return EVERYONE;
                }
            }
        }
        Addresses ipv4 = Addresses.of(Family.IPV4, blocks);
        Addresses ipv6 = Addresses.of(Family.IPV6, blocks);
        return ipv4.isAll() && ipv6.isAll() ? EVERYONE : new Peers(false, pods, nodes, ipv4, ipv6);
    }

    Peers and(Peers other) {
        if (everyone || other.everyone) {
            return EVERYONE;
        }
        Set<PodSelection> both = new LinkedHashSet<>(pods);
        both.addAll(other.pods);
        Set<LabelSelector> bothNodes = new LinkedHashSet<>(nodes);
        bothNodes.addAll(other.nodes);
        return new Peers(false, both, bothNodes, ipv4.and(other.ipv4), ipv6.and(other.ipv6));
    }

    /** Addresses that are meant as such. */
    Addresses addresses(Family family) {
        return family == Family.IPV4 ? ipv4 : ipv6;
    }

    boolean hasAddress(Ip ip) {
        return addresses(ip.family()).contains(ip);
    }
}
