package dev.weft.agent;

import java.time.Duration;
import java.time.Instant;

/**
 * Where time comes from. Two clocks: the wall clock for people, and a monotonic one for intervals, because a node's
 * wall clock jumps when NTP first answers after boot.
 */
public interface TimeSource {

    /** The wall clock, only for what people or the API read. */
    Instant now();

    /** Nanoseconds since an arbitrary point, never going back; compare by subtraction only. */
    long nanos();

    /** Time passed since an earlier {@link #nanos()}. */
    default Duration since(long earlierNanos) {
        return Duration.ofNanos(nanos() - earlierNanos);
    }

    static TimeSource system() {
        return new TimeSource() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
