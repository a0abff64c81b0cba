package dev.weft.networkpolicy;

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

/**
 * Pods that any of some selections means: one set of addresses a family in the kernel, whoever uses it. With a named port
 * the set has the pods' addresses along with the number that each of them has under that name.
 */
record PodGroup(Set<PodSelection> selections, Optional<NamedPort> port) {
    PodGroup {
        selections = Set.copyOf(selections);
    }

    boolean matches(String namespace, Map<String, String> namespaceLabels, Map<String, String> podLabels) {
        for (PodSelection selection : selections) {
            if (selection.matches(namespace, namespaceLabels, podLabels)) {
                return true;
            }
        }
        return false;
    }

    /** The set that holds its pods. */
    NftSet set(Family family) {
        DataType address = family == Family.IPV4 ? DataType.IPV4_ADDR : DataType.IPV6_ADDR;
        String name = (family == Family.IPV4 ? "pods4-" : "pods6-") + Hash.of(toString());
        NftSet set = port.isPresent() ? NftSet.set(name, address, DataType.INET_SERVICE) : NftSet.set(name, address);
        return set.comment(Hash.shortened(toString()));
    }

    /** What a pod contributes to a family's set. */
    static List<Data> keys(NftSet set, Optional<NamedPort> port, Family family, Pod pod) {
        List<Data> keys = new ArrayList<>(1);
        for (Ip ip : pod.ips()) {
            if (ip.family() != family) {
                continue;
            }
            if (port.isEmpty()) {
                keys.add(set.key(ip));
            } else {
                port.get().numbers(pod).forEach(number -> keys.add(set.key(ip, number)));
            }
        }
        return keys;
    }

    /** The same for equal groups. */
    @Override
    public String toString() {
        return selections.stream().map(PodSelection::toString).sorted().collect(Collectors.joining("|"))
                + port.map(named -> " at " + named).orElse("");
    }
}
