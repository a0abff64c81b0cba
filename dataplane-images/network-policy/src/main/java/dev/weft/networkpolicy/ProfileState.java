package dev.weft.networkpolicy;

import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import dev.weft.nftables.NftSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A profile that some own pods have. */
final class ProfileState {
    final ProfileKey key;
    final String chain;

    /** The own pods that have it, and their addresses. */
    final Map<ObjectKey, List<Ip>> pods = new HashMap<>();

    final Set<GroupState> groups = new HashSet<>();

    final Set<NftSet> blocks = new HashSet<>();
    final Set<Denial> denials = new HashSet<>();

    /** Its other chains: {@link Outcome.Sorted}. */
    final Set<String> sorted = new HashSet<>();

    Profile profile;

    ProfileState(ProfileKey key) {
        this.key = key;
        this.chain = key.chain();
        this.profile = new Profile(key, List.of());
    }

    /** It may say something else now. */
    void changed(Effect effect) {
        pods.values().forEach(effect.pods::addAll);
    }
}
