package dev.weft.ingress;

import dev.weft.agent.Log;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How long a change waits for what it refers to and is not known yet: serving it without would show the wrong certificate. Each
 * is waited for once, so that one that cannot be read does not hold up what comes later. Used by one thread.
 */
final class Patience {
    private static final Log LOG = Log.of("ingress");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Map<Object, Long> since = new HashMap<>();
    private Set<Object> missed = Set.of();

    /** @param now of {@link System#nanoTime} */
    boolean awaits(Collection<?> unknown, long now) {
        since.keySet().retainAll(unknown);
        Set<Object> overdue = new HashSet<>();
        for (Object object : unknown) {
            if (now - since.computeIfAbsent(object, key -> now) >= PATIENCE.toNanos()) {
                overdue.add(object);
            }
        }
        if (!missed.containsAll(overdue)) {
            LOG.warn("serving without what could not be read", "objects", overdue);
        }
        missed = overdue;
        return overdue.size() < since.size();
    }
}
