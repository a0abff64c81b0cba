package dev.weft.networkpolicy;

import dev.weft.net.Ip;
import java.util.List;

/**
 * Traffic that a chain treats alike, in no order among itself.
 *
 * @param matches at least one
 */
record Step(Outcome outcome, List<Match> matches) {
    Step {
        matches = List.copyOf(matches);
    }

    /** Whether nothing gets past it. */
    boolean isLast() {
        return matches.stream()
                .anyMatch(match -> match.everyone() && match.ports().isAny());
    }

    boolean matches(Ip peer, int protocol, int port, Profile.Members members) {
        return matches.stream().anyMatch(match -> match.matches(peer, protocol, port, members));
    }
}
