package dev.weft.e2e.process;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Tells the person who waits what is being done. */
@FunctionalInterface
public interface Progress {
    /** One step has begun or ended: one line. */
    void step(String line);

    /** Prints each step with the seconds since the first. */
    static Progress printing(PrintStream out) {
        Instant start = Instant.now();
        return line -> out.printf(
                Locale.ROOT,
                "[%5.1f s] %s%n",
                Duration.between(start, Instant.now()).toMillis() / 1000.0,
                line);
    }
}
