package dev.weft.cni.probe;

import java.util.Arrays;

/** The latest {@value #KEPT} times, of which the median says what is usual: a moment of load does not move it. */
final class RecentTimes {
    private static final int KEPT = 31;

    private final long[] micros = new long[KEPT];
    private int count;
    private int next;

    /** @param time in microseconds, positive */
    void add(long time) {
        micros[next] = time;
        next = (next + 1) % KEPT;
        count = Math.min(count + 1, KEPT);
    }

    /** In microseconds; 0 when there is none yet. */
    long median() {
        if (count == 0) {
            return 0;
        }
        long[] sorted = Arrays.copyOf(micros, count);
        Arrays.sort(sorted);
        return sorted[count / 2];
    }
}
