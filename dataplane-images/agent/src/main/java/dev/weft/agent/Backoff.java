package dev.weft.agent;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after failures in a row: exponential from {@code initial} to {@code max}, with equal jitter, so that
 * a thousand nodes that lost the same server do not come back in the same instant.
 *
 * @param initial upper bound of the first delay, above zero
 * @param max upper bound of every delay, at least {@code initial}
 */
public record Backoff(Duration initial, Duration max) {
    public Backoff {
        if (initial.isZero() || initial.isNegative() || max.compareTo(initial) < 0) {
            throw new IllegalArgumentException(
                    "backoff from " + initial + " to " + max + " does not grow from above 0");
        }
    }

    /**
     * The delay after this many failures in a row: between half and all of {@code min(initial * 2^(failures-1), max)}.
     *
     * @param failures 0 or more; 0 gives no delay
     */
    public Duration delay(int failures, RandomGenerator random) {
        if (failures < 0) {
            throw new IllegalArgumentException("failures is " + failures);
        }
        if (failures == 0) {
            return Duration.ZERO;
        }
        double bound = Math.min((double) max.toNanos(), initial.toNanos() * Math.pow(2, failures - 1));
        return Duration.ofNanos((long) (bound * (0.5 + random.nextDouble() / 2)));
    }
}
