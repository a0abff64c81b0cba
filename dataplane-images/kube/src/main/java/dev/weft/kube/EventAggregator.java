package dev.weft.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which occurrences are written. The first of its kind is a new Event; repetitions within 10 minutes of each
 * other make a series, written at most once a minute; all together at most {@value #BURST} at once and one each 30 s.
 * No clock and no I/O: times are given.
 */
final class EventAggregator {
    private static final Duration FORGET = Duration.ofMinutes(10);
    private static final Duration SERIES_INTERVAL = Duration.ofMinutes(1);
    private static final Duration REFILL = Duration.ofSeconds(30);
    static final int BURST = 20;
    private static final int MAX_KNOWN = 256;

    /** What to write. */
    sealed interface Write {
        EventNote note();

        String name();

        /** A new Event. */
        record Create(EventNote note, String name, Instant at) implements Write {}

        /** An Event that exists happened again. */
        record Repeat(EventNote note, String name, Instant first, int count, Instant last) implements Write {}
    }

    private static final class Known {
        private final String name;
        private final Instant first;
        private int count = 1;
        private Instant last;
        private Instant written;

        Known(String name, Instant at) {
            this.name = name;
            this.first = at;
            this.last = at;
            this.written = at;
        }
    }

    private final Map<EventNote, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EventNote, Known> eldest) {
            return size() > MAX_KNOWN;
        }
    };

    private double tokens = BURST;
    private Instant refilled = Instant.EPOCH;

    /** What to write for an occurrence; empty to write nothing (now). */
    Optional<Write> decide(EventNote note, Instant at) {
        Known before = known.get(note);
        if (before == null || between(before.last, at).compareTo(FORGET) > 0) {
            if (!take(at)) {
                return Optional.empty();
            }
            Known fresh = new Known(nameFor(note, at), at);
            known.put(note, fresh);
            return Optional.of(new Write.Create(note, fresh.name, at));
        }
        before.count++;
        before.last = at;
        if (between(before.written, at).compareTo(SERIES_INTERVAL) < 0 || !take(at)) {
            return Optional.empty();
        }
        before.written = at;
        return Optional.of(new Write.Repeat(note, before.name, before.first, before.count, at));
    }

    /** The Event was not written after all, or is gone: the next occurrence makes a new one. */
    void forget(EventNote note) {
        known.remove(note);
    }

    private boolean take(Instant at) {
        double gained = (double) between(refilled, at).toMillis() / REFILL.toMillis();
        tokens = Math.min(BURST, tokens + gained);
        refilled = at;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    /** Time passed; none if the wall clock went back. */
    private static Duration between(Instant from, Instant to) {
        return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
    }

    /** A name as client-go makes them: the object's and the time in hexadecimal. */
    private static String nameFor(EventNote note, Instant at) {
        String of = note.regarding().name();
        long nanos = at.getEpochSecond() * 1_000_000_000L + at.getNano();
        String base = of.length() > 200 ? of.substring(0, 200).replaceAll("[^a-z0-9]+$", "") : of;
        return base + "." + Long.toHexString(nanos) + Integer.toHexString(note.hashCode() & 0xffff);
    }
}
