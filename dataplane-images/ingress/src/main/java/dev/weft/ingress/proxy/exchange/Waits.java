package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.route.Timeouts;
import java.time.Duration;

/** Timeouts in nanoseconds; 0 is for ever. */
record Waits(long request, long backend, long connect, long read, long send) {
    static Waits of(Timeouts timeouts) {
        return new Waits(
                nanos(timeouts.request()),
                nanos(timeouts.backend()),
                nanos(timeouts.connect()),
                nanos(timeouts.read()),
                nanos(timeouts.send()));
    }

    private static long nanos(Duration duration) {
        // More than a month is for ever, and does not overflow.
        return duration.compareTo(Duration.ofDays(30)) > 0 ? 0 : duration.toNanos();
    }
}
