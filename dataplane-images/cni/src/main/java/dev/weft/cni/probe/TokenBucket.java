package dev.weft.cni.probe;

import java.time.Duration;

/** Lets through a burst, then a steady rate. Not for several threads. */
final class TokenBucket {
    private final long nanosPerToken;
    private final long fullNanos;
    private long emptySince;

    /**
     * @param perSecond tokens that come back a second, above 0
     * @param burst tokens at hand at first and at most, above 0
     * @param nowNanos a monotonic clock's reading
     */
    TokenBucket(int perSecond, int burst, long nowNanos) {
        nanosPerToken = Duration.ofSeconds(1).toNanos() / perSecond;
        fullNanos = nanosPerToken * burst;
        emptySince = nowNanos - fullNanos;
    }

    /** Takes a token; false if there is none. */
    boolean take(long nowNanos) {
        if (nowNanos - emptySince > fullNanos) {
            emptySince = nowNanos - fullNanos;
        }
        if (nowNanos - emptySince < nanosPerToken) {
            return false;
        }
        emptySince += nanosPerToken;
        return true;
    }
}
