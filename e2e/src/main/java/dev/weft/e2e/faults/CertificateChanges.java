package dev.weft.e2e.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The certificates that a host was given one after the other, and when clients were shown them. */
final class CertificateChanges {
    /** @param written the moment before the Secret was written */
    private record Change(String serial, Instant written) {}

    private final List<Change> changes = new ArrayList<>();

    /**
     * Takes note of the next one, before it is written.
     *
     * @param serial its number
     */
    void add(String serial, Instant written) {
        changes.add(new Change(serial, written));
    }

    /** What is not as it should be: those that nobody saw, and those that clients were shown and the host never had. */
    List<String> strange(Map<String, WebAnswers.Shown> shown) {
        List<String> strange = new ArrayList<>();
        Set<String> unknown = new LinkedHashSet<>(shown.keySet());
        for (Change change : changes) {
            if (!unknown.remove(change.serial)) {
                strange.add("nobody saw " + change.serial + ", written at " + change.written);
            }
        }
        unknown.forEach(serial -> strange.add(serial + " was shown, which the host never had: " + shown.get(serial)));
        return strange;
    }

    /**
     * For each but the first the time from its being written until all handshakes got it: until the first that did, or the
     * last that got the one before, whichever is later. Sorted.
     */
    List<Duration> untilAll(Map<String, WebAnswers.Shown> shown) {
        List<Duration> times = new ArrayList<>();
        for (int i = 1; i < changes.size(); i++) {
            Change change = changes.get(i);
            WebAnswers.Shown old = shown.get(changes.get(i - 1).serial);
            WebAnswers.Shown now = shown.get(change.serial);
            if (now != null) {
                long until = Math.max(now.firstMillis(), old == null ? 0 : old.lastMillis());
                times.add(Duration.ofMillis(Math.max(0, until - change.written.toEpochMilli())));
            }
        }
        return times.stream().sorted().toList();
    }
}
