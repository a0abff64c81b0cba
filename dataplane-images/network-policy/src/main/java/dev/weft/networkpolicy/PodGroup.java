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
 */
record PodGroup(Set<PodSelection> selections, Set<LabelSelector> nodes, Optional<NamedPort> port) {
    PodGroup {
        selections = Set.copyOf(selections);
        nodes = Set.copyOf(nodes);
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
            if (ip.family() == family) {
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
                + port.map(named -> " at " + named).orElse("");
    }
}
