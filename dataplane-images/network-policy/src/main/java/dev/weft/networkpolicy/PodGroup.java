package dev.weft.networkpolicy;

import dev.weft.kube.LabelSelector;
import dev.weft.kube.Pod;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.nftables.Data;
import dev.weft.nftables.DataType;
import dev.weft.nftables.NftSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Pods and nodes that any of some selections means: one set of addresses a family in the kernel, whoever uses it. With a
 * named port the set has the pods' addresses along with the number that each of them has under that name.
 *
 * @param nodes none if there is a named port
 * @param within where pods' addresses must lie to be in the sets; anywhere if empty
 */
record PodGroup(
        Set<PodSelection> selections, Set<LabelSelector> nodes, Optional<NamedPort> port, Optional<Blocks> within) {
    private static final PodSelection EVERY_POD = PodSelection.of(LabelSelector.EVERYTHING, LabelSelector.EVERYTHING);

    PodGroup {
        selections = Set.copyOf(selections);
        nodes = Set.copyOf(nodes);
    }

    /** Addresses of both families. */
    record Blocks(Addresses ipv4, Addresses ipv6) {
        boolean contains(Ip ip) {
            return ipv4.contains(ip) || ipv6.contains(ip);
        }

        @Override
        public String toString() {
            return Stream.of(ipv4, ipv6)
                    .flatMap(addresses -> addresses.ranges().stream())
                    .map(Addresses.Range::toString)
                    .collect(Collectors.joining(","));
        }
    }

    static PodGroup of(Peers peers) {
        return new PodGroup(peers.pods(), peers.nodes(), Optional.empty(), Optional.empty());
    }

    /** Those of the pods that have the port. */
    static PodGroup at(NamedPort port, Set<PodSelection> pods) {
        return new PodGroup(pods, Set.of(), Optional.of(port), Optional.empty());
    }

    static PodGroup everyPodAt(NamedPort port) {
        return at(port, Set.of(EVERY_POD));
    }

    /** The pods of some blocks of addresses that have the port. */
    static PodGroup at(NamedPort port, Blocks within) {
        return new PodGroup(Set.of(EVERY_POD), Set.of(), Optional.of(port), Optional.of(within));
    }

    boolean matches(String namespace, Map<String, String> namespaceLabels, Map<String, String> podLabels) {
        for (PodSelection selection : selections) {
            if (selection.matches(namespace, namespaceLabels, podLabels)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it means a node. */
    boolean matches(Map<String, String> nodeLabels) {
        for (LabelSelector selector : nodes) {
            if (selector.matches(nodeLabels)) {
                return true;
            }
        }
        return false;
    }

    /** The set that holds its members. */
    NftSet set(Family family) {
        DataType address = family == Family.IPV4 ? DataType.IPV4_ADDR : DataType.IPV6_ADDR;
        String name =
                (nodes.isEmpty() ? "pods" : "peers") + (family == Family.IPV4 ? "4-" : "6-") + Hash.of(toString());
        NftSet set = port.isPresent() ? NftSet.set(name, address, DataType.INET_SERVICE) : NftSet.set(name, address);
        return set.comment(Hash.shortened(toString()));
    }

    /** What a pod contributes to a family's set. */
    List<Data> keys(NftSet set, Family family, Pod pod) {
        if (port.isEmpty()) {
            return keys(set, family, pod.ips());
        }
        List<Data> keys = new ArrayList<>(1);
        for (Ip ip : pod.ips()) {
            if (ip.family() == family
                    && within.map(blocks -> blocks.contains(ip)).orElse(true)) {
                port.get().numbers(pod).forEach(number -> keys.add(set.key(ip, number)));
            }
        }
        return keys;
    }

    /** What addresses contribute to a family's set. */
    static List<Data> keys(NftSet set, Family family, List<Ip> ips) {
        return ips.stream().filter(ip -> ip.family() == family).map(set::key).toList();
    }

    private static String node(LabelSelector selector) {
        return "nodes " + (selector.isEverything() ? "*" : selector);
    }

    /** The same for equal groups. */
    @Override
    public String toString() {
        return Stream.concat(
                                selections.stream().map(PodSelection::toString).sorted(),
                                nodes.stream().map(PodGroup::node).sorted())
                        .collect(Collectors.joining("|"))
                + port.map(named -> " at " + named).orElse("")
                + within.map(blocks -> " in " + blocks).orElse("");
    }
}
