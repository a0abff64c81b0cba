package dev.weft.networkpolicy;

import dev.weft.kube.NetworkPolicy.Port;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Puts rules together that say the same of whom they mean: for each port one union of peers, so that the way of a packet
 * does not grow with the number of rules.
 */
final class Matches {
    private final ProfileKey key;
    private final TreeMap<PortRange, Peers> byPorts = new TreeMap<>();
    private final TreeMap<NamedPort, Peers> byNames = new TreeMap<>(Comparator.comparing(NamedPort::toString));

    /** @param key knows the named ports of the pods that the chain is for */
    Matches(ProfileKey key) {
        this.key = key;
    }

    Matches add(PolicyPlan.Rule rule) {
        if (rule.ports().isEmpty()) {
            byPorts.merge(PortRange.ANY, rule.peers(), Peers::and);
        }
        for (Port port : rule.ports()) {
            if (port.protocol() == 0) {
                continue; // not known, so nothing that could be meant
            }
            switch (port) {
                case Port.Numbers(int protocol, int from, int to) ->
                    byPorts.merge(new PortRange(protocol, from, to), rule.peers(), Peers::and);
                case Port.Named(int protocol, String name) -> add(new NamedPort(protocol, name), rule.peers());
            }
        }
        return this;
    }

    private void add(NamedPort port, Peers peers) {
        if (key.direction() == Direction.INGRESS) {
            key.numbers(port)
                    .forEach(number -> byPorts.merge(PortRange.of(port.protocol(), number), peers, Peers::and));
        } else {
            byNames.merge(port, peers, Peers::and);
        }
    }

    /** Only pods have names for their ports, so a block of addresses means the pods that are in it. */
    private static List<Match> atName(NamedPort port, Peers peers) {
        if (peers.everyone()) {
            return List.of(Match.of(port, PodGroup.everyPodAt(port)));
        }
        List<Match> matches = new ArrayList<>();
        if (!peers.pods().isEmpty()) {
            matches.add(Match.of(port, PodGroup.at(port, peers.pods())));
        }
        if (!peers.ipv4().isEmpty() || !peers.ipv6().isEmpty()) {
            matches.add(Match.of(port, PodGroup.at(port, new PodGroup.Blocks(peers.ipv4(), peers.ipv6()))));
        }
        return matches;
    }

    /** Sorted by ports. */
    List<Match> build() {
        Peers always = byPorts.getOrDefault(PortRange.ANY, Peers.NOBODY);
        if (always.everyone()) {
            return List.of(Match.of(PortRange.ANY, always));
        }
        List<Match> matches = new ArrayList<>();
        byPorts.forEach((ports, peers) -> {
            if (!peers.equals(Peers.NOBODY)) {
                matches.add(Match.of(ports, peers));
            }
        });
        byNames.forEach((name, peers) -> matches.addAll(atName(name, peers)));
        return matches;
    }
}
