package dev.weft.agent;

import java.util.List;

/**
 * What a sync is run for.
 *
 * @param full whether to trust nothing remembered and read the actual state anew: at the start, at a periodic resync,
 *     after a failure, and when asked
 * @param reasons what triggered it, each once, in order of arrival
 */
public record SyncRequest(boolean full, List<String> reasons) {
    public SyncRequest {
        reasons = List.copyOf(reasons);
    }
}
