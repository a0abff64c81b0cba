package dev.weft.ingress.gateway;

import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.HostPattern.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Host names that listeners and routes have in common. */
final class Hosts {
    private Hosts() {}

    static HostPattern pattern(String hostname) {
        return HostPattern.of(hostname, Kind.LABELS);
    }

    /**
     * What a route is asked for at a listener; nothing if they have no host in common.
     *
     * @param hostnames of the route; none for all of the listener
     */
    static Set<HostPattern> common(String listener, List<String> hostnames) {
        HostPattern own = pattern(listener);
        if (hostnames.isEmpty()) {
            return Set.of(own);
        }
        Set<HostPattern> common = new LinkedHashSet<>();
        for (String hostname : hostnames) {
            common(own, pattern(hostname)).ifPresent(common::add);
        }
        return common;
    }

    /** The hosts that fit both: since names form a tree, those of one of the two. */
    static Optional<HostPattern> common(HostPattern one, HostPattern other) {
        if (covers(one, other)) {
            return Optional.of(other);
        }
        return covers(other, one) ? Optional.of(one) : Optional.empty();
    }

    private static boolean covers(HostPattern wide, HostPattern narrow) {
        return switch (wide.kind()) {
            case ANY -> true;
            case EXACT -> wide.equals(narrow);
            case LABELS, ONE_LABEL ->
                switch (narrow.kind()) {
                    case EXACT -> wide.matches(narrow.name());
                    case LABELS, ONE_LABEL -> wide.name().equals(narrow.name()) || wide.matches(narrow.name());
                    case ANY -> false;
                };
        };
    }
}
