package dev.weft.kube;

import java.time.Instant;
import java.util.Optional;

/**
 * How a watch is doing, for status pages and metrics.
 *
 * @param synced whether all objects were read once
 * @param lastContact when the server last told something, bookmarks included; empty before the first time
 * @param failuresInARow 0 while all is well
 * @param lastError of the failures in a row, for people; empty while all is well
 * @param events events read since the start
 * @param lists complete lists since the start
 * @param failures failed attempts since the start
 */
public record WatchStatus(
        boolean synced,
        Optional<Instant> lastContact,
        int failuresInARow,
        String lastError,
        long events,
        long lists,
        long failures) {
    static final WatchStatus NEW = new WatchStatus(false, Optional.empty(), 0, "", 0, 0, 0);

    WatchStatus listed(Instant at) {
        return new WatchStatus(true, Optional.of(at), failuresInARow, lastError, events, lists + 1, failures);
    }

    WatchStatus event(Instant at) {
        return new WatchStatus(synced, Optional.of(at), 0, "", events + 1, lists, failures);
    }

    WatchStatus well() {
        return new WatchStatus(synced, lastContact, 0, "", events, lists, failures);
    }

    WatchStatus failed(String error) {
        return new WatchStatus(synced, lastContact, failuresInARow + 1, error, events, lists, failures + 1);
    }
}
