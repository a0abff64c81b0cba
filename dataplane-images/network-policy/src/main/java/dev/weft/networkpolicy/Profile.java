package dev.weft.networkpolicy;

import dev.weft.kube.LabelSelector;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is allowed to pods that share a chain; all else is denied. Policies only ever allow, so their order does not
 * matter: rules of all of them are put together by port, and for each port there is one set of peers. So the way of a
 * packet is as long for a thousand policies as for one.
 *
 * @param allowed sorted by ports
 */
record Profile(ProfileKey key, List<Match> allowed) {
    Profile {
        allowed = List.copyOf(allowed);
    }

    /** Membership in a group, as the kernel's sets have it. */
    interface Members {
        /**
         * @param port where the connection goes to, for groups with a named port
         */
        boolean has(PodGroup group, Ip ip, int port);
    }

    /**
     * @param plans has each policy of the key
     */
    static Profile of(ProfileKey key, Function<ObjectKey, PolicyPlan> plans) {
        TreeMap<PortRange, Peers> byPorts = new TreeMap<>();
        Map<String, NamedPort> names = new TreeMap<>();
        Map<NamedPort, Set<PodSelection>> named = new HashMap<>();
        for (ObjectKey policy : key.policies()) {
            for (PolicyPlan.Rule rule : plans.apply(policy).rules(key.direction())) {
                if (rule.ports().isEmpty()) {
                    byPorts.merge(PortRange.ANY, rule.peers(), Peers::and);
                }
                for (NetworkPolicy.Port port : rule.ports()) {
                    if (port.protocol() == 0) {
                        continue; // not known, so nothing that could be allowed
                    }
                    switch (port) {
                        case NetworkPolicy.Port.Numbers(int protocol, int from, int to) ->
                            byPorts.merge(new PortRange(protocol, from, to), rule.peers(), Peers::and);
                        case NetworkPolicy.Port.Named(int protocol, String name) -> {
                            NamedPort namedPort = new NamedPort(protocol, name);
                            if (key.direction() == Direction.INGRESS) {
                                key.numbers(namedPort)
                                        .forEach(number -> byPorts.merge(
                                                PortRange.of(protocol, number), rule.peers(), Peers::and));
                            } else {
                                names.put(namedPort.toString(), namedPort);
                                named.computeIfAbsent(namedPort, n -> new HashSet<>())
                                        .addAll(withNames(rule.peers()));
                            }
                        }
                    }
                }
            }
        }
        return new Profile(key, matches(byPorts, names.values().stream(), named));
    }

    /** Only pods have names for their ports. */
    private static Set<PodSelection> withNames(Peers peers) {
        return peers.everyone()
                ? Set.of(PodSelection.of(LabelSelector.EVERYTHING, LabelSelector.EVERYTHING))
                : peers.pods();
    }

    private static List<Match> matches(
            TreeMap<PortRange, Peers> byPorts, Stream<NamedPort> names, Map<NamedPort, Set<PodSelection>> named) {
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
        names.forEach(name -> {
            Set<PodSelection> pods = named.getOrDefault(name, Set.of());
            if (!pods.isEmpty()) {
                matches.add(Match.of(name, pods));
            }
        });
        return matches;
    }

    /** The groups of pods that its rules look into. */
    Stream<PodGroup> groups() {
        return allowed.stream().map(Match::pods).flatMap(Optional::stream);
    }

    /**
     * Whether a connection passes, as the chain would judge it.
     *
     * @param port where it goes to; 0 for protocols without ports
     */
    boolean allows(Ip peer, int protocol, int port, Members members) {
        for (Match match : allowed) {
            if (match.ports().contains(protocol, port)
                    && (match.everyone()
                            || match.addresses(peer.family()).contains(peer)
                            || match.pods()
                                    .filter(group -> members.has(group, peer, port))
                                    .isPresent())) {
                return true;
            }
        }
        return false;
    }
}
