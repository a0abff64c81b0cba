package dev.weft.networkpolicy;

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
 */
record Peers(boolean everyone, Set<PodSelection> pods, Addresses ipv4, Addresses ipv6) {
    static final Peers NOBODY = new Peers(false, Set.of(), Addresses.none(Family.IPV4), Addresses.none(Family.IPV6));

    static final Peers EVERYONE = new Peers(true, Set.of(), Addresses.none(Family.IPV4), Addresses.none(Family.IPV6));

    Peers {
        pods = Set.copyOf(pods);
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
        return new Peers(false, pods, Addresses.of(Family.IPV4, blocks), Addresses.of(Family.IPV6, blocks));
    }

    Peers and(Peers other) {
        if (everyone || other.everyone) {
            return EVERYONE;
        }
        Set<PodSelection> both = new LinkedHashSet<>(pods);
        both.addAll(other.pods);
        return new Peers(false, both, ipv4.and(other.ipv4), ipv6.and(other.ipv6));
    }

    /** Addresses that are meant as such. */
    Addresses addresses(Family family) {
        return family == Family.IPV4 ? ipv4 : ipv6;
    }

    boolean hasAddress(Ip ip) {
        return addresses(ip.family()).contains(ip);
    }
}
