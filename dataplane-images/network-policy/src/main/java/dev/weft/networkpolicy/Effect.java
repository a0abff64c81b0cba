package dev.weft.networkpolicy;

import dev.weft.net.Ip;
import java.util.HashSet;
import java.util.Set;

/** What a change may mean for running connections. */
final class Effect {
    /** Addresses of own pods to which something may be forbidden that was allowed, or the other way round. */
    final Set<Ip> pods = new HashSet<>();

    /** Whether all connections that are cut are judged again, whoever's they are: an earlier process may have cut them. */
    boolean allCut;

    void add(Effect other) {
        pods.addAll(other.pods);
        allCut |= other.allCut;
    }

    boolean isEmpty() {
        return pods.isEmpty() && !allCut;
    }
}
