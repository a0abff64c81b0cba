package dev.weft.networkpolicy;

/** What a chain makes of traffic in one direction. */
sealed interface Outcome {
    /** It passes in this direction. */
    record Allowed() implements Outcome {}

    /** The chain of the next tier decides. */
    record Next(String chain) implements Outcome {}

    /** A policy forbids it. */
    record Denied(Denial by) implements Outcome {}

    Outcome ALLOWED = new Allowed();
}
