package dev.weft.cni.probe;

import java.time.Duration;

/** How often to probe: often while something is new or wrong, seldom while all is well. */
final class ProbeSchedule {
    private static final Duration NEW = Duration.ofSeconds(30);
    private static final Duration OFTEN = Duration.ofSeconds(1);
    private static final Duration SELDOM = Duration.ofSeconds(10);

    private ProbeSchedule() {}

    /** From the beginning of one round to that of the next. */
    static Duration interval(Duration sinceStart, boolean anyFailing) {
        return anyFailing || sinceStart.compareTo(NEW) < 0 ? OFTEN : SELDOM;
    }
}
