package dev.weft.agent;

import java.time.Duration;
import java.time.Instant;

/** Time that passes when the test says so. */
final class ManualTime implements TimeSource {
    private long nanos = 1_000_000_000L;

    synchronized void pass(Duration duration) {
        nanos += duration.toNanos();
    }

    @Override
    public synchronized Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }
}
