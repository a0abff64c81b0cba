package dev.weft.agent;

import java.time.Duration;

/**
 * When a {@link SyncLoop} runs.
 *
 * @param minInterval pause after a run before the next, in which triggers gather; a trigger that finds the loop idle for
 *     longer runs at once
 * @param resync a full run at least this often, give or take a tenth so that nodes do not run together; above zero
 * @param backoff pause after failures in a row; triggers do not shorten it
 */
public record SyncTiming(Duration minInterval, Duration resync, Backoff backoff) {
    public SyncTiming {
        if (minInterval.isNegative() || resync.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException("interval " + minInterval + " or resync " + resync + " is too short");
        }
    }

    /** With a backoff from 200 ms to 30 s. */
    public static SyncTiming of(Duration minInterval, Duration resync) {
        return new SyncTiming(minInterval, resync, new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30)));
    }
}
