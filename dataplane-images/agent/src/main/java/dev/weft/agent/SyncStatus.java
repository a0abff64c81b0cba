package dev.weft.agent;

import java.time.Instant;
import java.util.Optional;

/**
 * How a loop is doing.
 *
 * @param runs finished runs since the start, failed ones included
 * @param failures failed runs since the start
 * @param failuresInARow 0 while all is well
 * @param lastSuccess end of the last good run; empty before the first
 * @param lastFailure end of the last failed run; empty before the first
 * @param lastError what the last run failed with; empty after a good one
 */
public record SyncStatus(
        long runs,
        long failures,
        int failuresInARow,
        Optional<Instant> lastSuccess,
        Optional<Instant> lastFailure,
        String lastError) {
    static final SyncStatus NEW = new SyncStatus(0, 0, 0, Optional.empty(), Optional.empty(), "");

    SyncStatus succeeded(Instant at) {
        return new SyncStatus(runs + 1, failures, 0, Optional.of(at), lastFailure, "");
    }

    SyncStatus failed(Instant at, String error) {
        return new SyncStatus(runs + 1, failures + 1, failuresInARow + 1, lastSuccess, Optional.of(at), error);
    }
}
