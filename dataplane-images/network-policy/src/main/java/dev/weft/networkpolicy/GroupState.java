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
import java.util.Map;
import java.util.Set;

/** A group of pods that some profiles use: its sets, and how many pods stand for an element where more than one does. */
final class GroupState {
    final PodGroup group;

    /** The profiles that use it. */
    final Set<ProfileState> users = new HashSet<>();

    private final Mirror mirror;
    private final Map<Family, NftSet> sets = new EnumMap<>(Family.class);

    /** Pods beyond the first: an address that two have for a moment, since one is on its way out. */
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
        sets.forEach((family, set) -> {
            for (Data key : PodGroup.keys(set, group.port(), family, pod)) {
                if (mirror.has(set.name(), key)) {
                    more.merge(key, 1, Integer::sum);
                } else {
                    mirror.put(set, Element.of(key));
                }
            }
        });
    }

    void remove(Pod pod) {
        sets.forEach((family, set) -> {
            for (Data key : PodGroup.keys(set, group.port(), family, pod)) {
                Integer others = more.get(key);
                if (others == null) {
                    mirror.remove(set, key);
                } else if (others == 1) {
                    more.remove(key);
                } else {
                    more.put(key, others - 1);
                }
            }
        });
    }

    boolean has(Ip ip, int port) {
        NftSet set = sets.get(ip.family());
        return set != null && mirror.has(set.name(), group.port().isPresent() ? set.key(ip, port) : set.key(ip));
    }
}
