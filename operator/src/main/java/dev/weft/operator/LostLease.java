package dev.weft.operator;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * An operator that lost the lease ends at once, and starts again as the one that waits: two that lead move two nodes at a
 * time, also to an image that is not there. The SDK either goes on, with a line in the log, or leaves by
 * {@code System.exit} from the elector's own thread, for which the shutdown then waits while the controllers run.
 */
@Singleton
final class LostLease {
    private static final Logger LOG = Logger.getLogger(LostLease.class);

    /** Before all other observers. */
    private static final int FIRST = 1;

    private final Runnable end;
    private volatile boolean stopping;

    LostLease() {
        this(() -> Runtime.getRuntime().halt(1));
    }

    /** @param end ends the process, without waiting for anything */
    LostLease(Runnable end) {
        this.end = end;
    }

    /** Whoever is stopped gives the lease up by itself, which is no loss. */
    void stop(@Observes @Priority(FIRST) ShutdownEvent event) {
        stopping = true;
    }

    LeaderCallbacks callbacks() {
        return new LeaderCallbacks(() -> {}, this::lost, leader -> {});
    }

    private void lost() {
        if (!stopping) {
            LOG.error("lost the lease: ends, so that whoever leads next does so alone");
            end.run();
        }
    }
}
