package dev.weft.operator;

import dev.weft.api.ClusterNetworkStatus;
import dev.weft.api.Condition;
import dev.weft.operator.apply.Events;
import java.util.Optional;
import java.util.Set;

/** Tells by Events how conditions change. */
final class Transitions {
    private static final Set<String> GOOD_WHEN_TRUE = Set.of("Available", "Ready");
    private static final Set<String> GOOD_WHEN_FALSE = Set.of("Degraded", "Stalled");

    private final Events events;

    Transitions(Events events) {
        this.events = events;
    }

    void tell(ClusterNetworkStatus before, ClusterNetworkStatus after) {
        for (Condition now : after.conditions()) {
            boolean told = GOOD_WHEN_TRUE.contains(now.type()) || GOOD_WHEN_FALSE.contains(now.type());
            Optional<Condition> then = before.condition(now.type());
            boolean changed = then.map(c -> !c.status().equals(now.status())).orElse(now.met());
            if (told && changed) {
                boolean good = GOOD_WHEN_TRUE.contains(now.type()) == now.met();
                String reason = (now.met() ? "" : "Not") + now.type();
                String message = now.message().isEmpty() ? now.reason() : now.message();
                if (good) {
                    events.normal(reason, message);
                } else {
                    events.warning(reason, message);
                }
            }
        }
    }
}
