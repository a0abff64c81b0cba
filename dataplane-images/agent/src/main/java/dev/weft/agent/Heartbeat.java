package dev.weft.agent;

import java.time.Duration;

/** Shows that a thread makes progress: it beats, and a check fails when the last beat is too long ago. */
public final class Heartbeat {
    private final TimeSource time;
    private final Duration bound;
    private volatile long lastBeat;

    /** @param bound longest time between two beats, counted from now for the first */
    public Heartbeat(TimeSource time, Duration bound) {
        this.time = time;
        this.bound = bound;
        this.lastBeat = time.nanos();
    }

    public void beat() {
        lastBeat = time.nanos();
    }

    public Check check() {
        Duration ago = time.since(lastBeat);
        return ago.compareTo(bound) <= 0
                ? Check.good()
                : Check.bad("no progress for " + ago.toSeconds() + " s, more than " + bound.toSeconds() + " s");
    }
}
