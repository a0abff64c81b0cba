package dev.weft.operator.rollout;

import java.util.List;

/** What a rollout does next. */
public sealed interface Step {
    /**
     * Write into the status that the rollout begins, before any node moves: which nodes it moved is told by comparing
     * times, and that must survive the operator.
     */
    record Begin() implements Step {}

    /** Pin these nodes to the target. */
    record Move(List<String> nodes) implements Step {
        public Move {
            nodes = List.copyOf(nodes);
        }
    }

    /** A moved node has not proved itself yet. */
    record Hold(String node, String why) implements Step {}

    /** A moved node failed: nothing moves until the spec changes. */
    record Stopped(String node, String why) implements Step {}

    /** Only nodes that are not ready are left; they follow when they are. */
    record Skipped(List<String> nodes) implements Step {
        public Skipped {
            nodes = List.copyOf(nodes);
        }
    }

    /** Every node has the target, and those that moved proved it. */
    record Done() implements Step {}
}
