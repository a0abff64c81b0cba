package dev.weft.node;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what tells nobody that it has come about. */
final class Pause {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private Pause() {}

    /** Whether it came about within the bound; an interrupt ends the wait and stays set. */
    static boolean until(BooleanSupplier condition, Duration bound) {
        CountDownLatch never = new CountDownLatch(1);
        long looks = bound.dividedBy(LOOK_AGAIN);
        try {
            for (long look = 0; look < looks; look++) {
                if (condition.getAsBoolean() || never.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return condition.getAsBoolean();
    }
}
