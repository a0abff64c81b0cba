package dev.weft.agent;

/** Makes the actual state what it should be. */
@FunctionalInterface
public interface SyncTask {
    /**
     * Runs on the loop's thread, never twice at once.
     *
     * @throws Exception if it did not get there; the loop logs it and tries again, fully, after a backoff
     */
    void sync(SyncRequest request) throws Exception;
}
