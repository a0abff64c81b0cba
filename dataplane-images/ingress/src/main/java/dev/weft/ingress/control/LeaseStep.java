package dev.weft.ingress.control;

import java.time.Duration;
import java.util.Optional;

/** What someone who wants a Lease does next. Pure: times are given. */
sealed interface LeaseStep {
    /** A leader that does not renew for so long is taken to be dead. */
    Duration DURATION = Duration.ofSeconds(15);

    /** A leader that could not renew for so long stops leading, well before others start. */
    Duration DEADLINE = Duration.ofSeconds(10);

    Duration RENEWAL = Duration.ofSeconds(4);

    /** There is no Lease yet. */
    record Create() implements LeaseStep {}

    /** Nobody has it, or somebody who is gone. */
    record Take(LeaseState from) implements LeaseStep {}

    /** It is held and goes on. */
    record Renew(LeaseState held) implements LeaseStep {}

    /** Nothing, for so long unless the Lease changes. */
    record Wait(Duration most) implements LeaseStep {}

    /**
     * @param seen what is there
     * @param unchanged for how long it has been seen like this
     */
    static LeaseStep next(Optional<LeaseState> seen, String identity, Duration unchanged) {
        if (seen.isEmpty()) {
            return new Create();
        }
        LeaseState lease = seen.get();
        if (lease.holder().isEmpty()) {
            return new Take(lease);
        }
        Duration bound = lease.holder().equals(identity) ? RENEWAL : DURATION;
        if (unchanged.compareTo(bound) < 0) {
            return new Wait(bound.minus(unchanged));
        }
        return lease.holder().equals(identity) ? new Renew(lease) : new Take(lease);
    }
}
