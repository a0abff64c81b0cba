package dev.weft.operator.rollout;

import dev.weft.operator.rollout.GateResult.Failed;
import dev.weft.operator.rollout.GateResult.Waiting;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which node moves next, when to stop, when to go on. Pure, and without memory beyond its input: what happened stands in
 * the labels of the nodes and in the status, so an operator that takes over decides alike.
 *
 * <p>A node moves only when every node that this rollout moved before has proved itself. How many move at once is the
 * {@link Waves}' to say.
 */
public final class Rollout {
    private Rollout() {}

    /**
     * @param target the revision that all nodes should run
     * @param nodes all nodes that run an agent
     * @param stop where this very rollout has stopped before, if it has
     */
    public static Step next(String target, List<RolloutNode> nodes, Optional<Step.Stopped> stop, Waves waves) {
        if (stop.isPresent()) {
            return stop.get();
        }
        List<RolloutNode> moved = nodes.stream()
                .filter(n -> n.movedNow() && n.revision().equals(target))
                .toList();
        for (RolloutNode node : moved) {
            if (node.gate() instanceof Failed failed) {
                return new Step.Stopped(node.name(), failed.why());
            }
        }
        for (RolloutNode node : moved) {
            if (node.gate() instanceof Waiting waiting) {
                return new Step.Hold(node.name(), waiting.why());
            }
        }
        List<RolloutNode> pending =
                nodes.stream().filter(n -> !n.revision().equals(target)).toList();
        if (pending.isEmpty()) {
            return new Step.Done();
        }
        List<String> eligible = pending.stream()
                .filter(n -> n.state() != RolloutNode.State.AWAY)
                .sorted(Comparator.comparing(Rollout::works).thenComparing(RolloutNode::name))
                .map(RolloutNode::name)
                .toList();
        if (eligible.isEmpty()) {
            return new Step.Skipped(
                    pending.stream().map(RolloutNode::name).sorted().toList());
        }
        int size = Math.max(1, Math.min(waves.size(moved.size(), nodes.size()), eligible.size()));
        return new Step.Move(eligible.subList(0, size));
    }

    /** Nodes whose agent is gone or broken have nothing to lose: they come first. */
    private static boolean works(RolloutNode node) {
        return node.known() && node.state() == RolloutNode.State.READY;
    }
}
