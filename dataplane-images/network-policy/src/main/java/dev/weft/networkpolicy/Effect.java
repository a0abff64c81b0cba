package dev.weft.networkpolicy;

import dev.weft.net.Ip;
import java.util.HashSet;
import java.util.Set;

/** Own pods, by their addresses, whose running connections may be judged otherwise than before a change. */
final class Effect {
    /** Something may be forbidden to them that was allowed. */
    final Set<Ip> less = new HashSet<>();

    /** Something may be allowed to them that was forbidden. */
    final Set<Ip> more = new HashSet<>();

    /** Whether all connections that are cut are judged again, whoever's they are: an earlier process may have cut them. */
    boolean allCut;

    void add(Effect other) {
        less.addAll(other.less);
        more.addAll(other.more);
        allCut |= other.allCut;
    }

    boolean isEmpty() {
        return less.isEmpty() && more.isEmpty() && !allCut;
    }
}
