package dev.weft.e2e.lab;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waiting for what a lab does in its own time. */
public final class Wait {
    private Wait() {}

    /**
     * Asks until the answer is yes. A question that fails counts as no: programs that are still starting refuse.
     *
     * @param what ends the sentence "waited 60 s for ..."
     * @throws LabException if it is not yes in time
     */
    public static void until(String what, Duration patience, Duration poll, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(patience)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(poll)
                    .ignoreExceptions()
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new LabException("waited %d s for %s".formatted(patience.toSeconds(), what), e);
        }
    }
}
