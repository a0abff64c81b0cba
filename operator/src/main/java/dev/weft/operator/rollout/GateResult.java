package dev.weft.operator.rollout;

import java.time.Instant;

/** Whether a node proved that its agent works. */
public sealed interface GateResult {
    /** Its pod is ready, its agent says so, and probes from and to it are answered. */
    record Passed() implements GateResult {}

    /**
     * Not yet.
     *
     * @param why for people
     * @param since when this began; the operator's clock or the API's
     */
    record Waiting(String why, Instant since) implements GateResult {}

    /**
     * It will not come by itself.
     *
     * @param why naming pod, node and container
     */
    record Failed(String why) implements GateResult {}
}
