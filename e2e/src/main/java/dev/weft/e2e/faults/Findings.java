package dev.weft.e2e.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What one fault showed: figures, sentences worth reading, and what should have held and did not. A claim that does not
 * hold ends nothing, so that a run tells all it can. For several threads.
 */
public final class Findings {
    /**
     * @param name what was measured
     * @param unit of the value, such as {@code ms}
     */
    public record Figure(String name, double value, String unit) {}

    /**
     * @param name what was asked
     * @param text what was answered, word for word
     */
    public record Note(String name, String text) {}

    private final List<Figure> figures = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private int held;

    synchronized void figure(String name, double value, String unit) {
        figures.add(new Figure(name, value, unit));
    }

    void millis(String name, Duration duration) {
        figure(name, (double) duration.toMillis(), "ms");
    }

    synchronized void note(String name, String text) {
        notes.add(new Note(name, text));
    }

    /**
     * @param claim what should hold, as a sentence
     * @param otherwise what is seen instead, told only if it does not
     */
    synchronized void expect(String claim, boolean holds, String otherwise) {
        if (holds) {
            held++;
        } else {
            failures.add(claim + ": no, " + otherwise);
        }
    }

    /** Expects that there is nothing in the list; what is there is told. */
    void expectNone(String claim, List<String> unwanted) {
        expect(
                claim,
                unwanted.isEmpty(),
                unwanted.size() + " times not so:\n    " + String.join("\n    ", first(unwanted)));
    }

    synchronized void failed(String why) {
        failures.add(why);
    }

    public synchronized List<Figure> figures() {
        return List.copyOf(figures);
    }

    public synchronized List<Note> notes() {
        return List.copyOf(notes);
    }

    /** What did not hold, a sentence each. */
    public synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /** How many claims held. */
    synchronized int held() {
        return held;
    }

    private static List<String> first(List<String> lines) {
        return lines.subList(0, Math.min(20, lines.size()));
    }
}
