package dev.weft.agent;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Decides when to run next, from what happened when. No threads, no clock: times are {@link TimeSource#nanos()} given by
 * the caller. Born with a full run due.
 */
final class SyncSchedule {
    /** More different reasons than this say no more. */
    private static final int MAX_REASONS = 8;

    private final SyncTiming timing;
    private final RandomGenerator random;
    private final Set<String> reasons = new LinkedHashSet<>();
    private boolean full = true;
    private int failures;

    /** No run starts before this. */
    private long notBefore;

    private long resyncAt;

    SyncSchedule(SyncTiming timing, RandomGenerator random, long now) {
        this.timing = timing;
        this.random = random;
        this.notBefore = now;
        this.resyncAt = now;
        reasons.add("start");
    }

    void trigger(String reason) {
        if (reasons.size() < MAX_REASONS) {
            reasons.add(reason);
        }
    }

    void triggerFull(String reason) {
        full = true;
        trigger(reason);
    }

    /** Nanoseconds until a run is due; 0 or less if it is now. */
    long untilDue(long now) {
        return Math.max(notBefore - now, reasons.isEmpty() ? resyncAt - now : Long.MIN_VALUE);
    }

    /** Starts a run: takes what has gathered. */
    SyncRequest begin(long now) {
        if (resyncAt - now <= 0) {
            full = true;
            if (reasons.isEmpty()) {
                reasons.add("resync");
            }
        }
        SyncRequest request = new SyncRequest(full, List.copyOf(reasons));
        reasons.clear();
        full = false;
        return request;
    }

    void succeeded(SyncRequest request, long now) {
        failures = 0;
        notBefore = now + timing.minInterval().toNanos();
        if (request.full()) {
            double share = 0.9 + random.nextDouble() / 5;
            resyncAt = now + (long) (timing.resync().toNanos() * share);
        }
    }

    /** The run failed: it is due again, fully, after a backoff. Returns the backoff. */
    Duration failed(SyncRequest request, long now) {
        failures++;
        Duration backoff = timing.backoff().delay(failures, random);
        Duration pause = backoff.compareTo(timing.minInterval()) > 0 ? backoff : timing.minInterval();
        notBefore = now + pause.toNanos();
        full = true;
        Set<String> later = new LinkedHashSet<>(reasons);
        reasons.clear();
        request.reasons().forEach(this::trigger);
        later.forEach(this::trigger);
        return pause;
    }
}
