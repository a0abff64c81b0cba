package dev.weft.testkit;

import java.util.Random;

/**
 * Loops over seeds, for laws that hold for every value. A failure names its seed; {@code -Dseed=N} runs that one alone.
 */
public final class Seeded {
    private Seeded() {}

    /** What is tried with one source of randomness. */
    @FunctionalInterface
    public interface Trial {
        void run(Random random) throws Exception;
    }

    /**
     * Runs the trial with the seeds 0 to {@code count - 1}.
     *
     * @throws AssertionError with the seed, caused by what the trial threw
     */
    public static void loop(int count, Trial trial) {
        Long only = Long.getLong("seed");
        if (only != null) {
            run(only, trial);
            return;
        }
        for (long seed = 0; seed < count; seed++) {
            run(seed, trial);
        }
    }

    private static void run(long seed, Trial trial) {
        try {
            trial.run(new Random(seed));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("with -Dseed=" + seed + ": " + e.getMessage(), e);
        }
    }
}
