package dev.weft.networkpolicy;

import java.util.List;

/** What a chain makes of traffic in one direction. */
sealed interface Outcome {
    /** It passes in this direction. */
    record Allowed() implements Outcome {}

    /** The chain of the next tier decides. */
    record Next(String chain) implements Outcome {}

    /** A policy forbids it. */
    record Denied(Denial by) implements Outcome {}

    /**
     * Policies forbid it, and a chain of its own tells which of them, for the packets that are denied only: its steps, all
     * of which deny.
     */
    record Sorted(String chain, List<Step> steps) implements Outcome {
        public Sorted {
            steps = List.copyOf(steps);
        }
    }

    Outcome ALLOWED = new Allowed();
}
