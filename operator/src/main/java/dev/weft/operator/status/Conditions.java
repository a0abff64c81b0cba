package dev.weft.operator.status;

import dev.weft.api.ClusterNetworkStatus;
import dev.weft.api.Condition;
import dev.weft.operator.observe.Observed;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Collects conditions; the time of a transition is kept while the status stays. */
final class Conditions {
    private final ClusterNetworkStatus previous;
    private final long generation;
    private final String now;
    private final List<Condition> conditions = new ArrayList<>();

    Conditions(Observed observed) {
        this(observed.previous(), observed.generation(), observed.now());
    }

    Conditions(ClusterNetworkStatus previous, long generation, Instant now) {
        this.previous = previous;
        this.generation = generation;
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    Conditions add(String type, boolean value, String reason, String message) {
        String status = value ? "True" : "False";
        String since = previous.condition(type)
                .filter(c -> c.status().equals(status))
                .map(Condition::lastTransitionTime)
                .orElse(now);
        conditions.add(new Condition(type, status, generation, since, reason, message));
        return this;
    }

    List<Condition> list() {
        return List.copyOf(conditions);
    }
}
