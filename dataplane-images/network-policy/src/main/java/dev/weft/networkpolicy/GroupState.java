package dev.weft.networkpolicy;

import dev.weft.kube.Pod;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.nftables.Data;
import dev.weft.nftables.Element;
import dev.weft.nftables.NftSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A group of pods that some profiles use: its sets, and how many pods stand for an element where more than one does. */
final class GroupState {
    final PodGroup group;

    /** The profiles that use it. */
    final Set<ProfileState> users = new HashSet<>();

    private final Mirror mirror;
    private final Map<Family, NftSet> sets = new EnumMap<>(Family.class);

    /** Members beyond the first: an address that two have for a moment, since one is on its way out. */
    private final Map<Data, Integer> more = new HashMap<>();

    GroupState(PodGroup group, Mirror mirror) {
        this.group = group;
        this.mirror = mirror;
        for (Family family : Family.values()) {
            NftSet set = group.set(family);
            sets.put(family, set);
            mirror.addSet(set);
        }
    }

    /** Takes the sets away. */
    void close() {
        sets.values().forEach(mirror::removeSet);
    }

    void add(Pod pod) {
        sets.forEach((family, set) -> add(set, group.keys(set, family, pod)));
    }

    void remove(Pod pod) {
        sets.forEach((family, set) -> remove(set, group.keys(set, family, pod)));
    }

    /** Addresses of a node. */
    void add(List<Ip> node) {
        sets.forEach((family, set) -> add(set, PodGroup.keys(set, family, node)));
    }

    void remove(List<Ip> node) {
        sets.forEach((family, set) -> remove(set, PodGroup.keys(set, family, node)));
    }

    private void add(NftSet set, List<Data> keys) {
        for (Data key : keys) {
            if (mirror.has(set.name(), key)) {
                more.merge(key, 1, Integer::sum);
            } else {
                mirror.put(set, Element.of(key));
            }
        }
    }

    private void remove(NftSet set, List<Data> keys) {
        for (Data key : keys) {
            Integer others = more.get(key);
            if (others == null) {
                mirror.remove(set, key);
            } else if (others == 1) {
                more.remove(key);
            } else {
                more.put(key, others - 1);
            }
        }
    }

    /** It means others than before. */
    void changed(Effect effect) {
        users.forEach(user -> user.changed(effect));
    }

    boolean has(Ip ip, int port) {
        NftSet set = sets.get(ip.family());
        return set != null && mirror.has(set.name(), group.port().isPresent() ? set.key(ip, port) : set.key(ip));
    }
}
