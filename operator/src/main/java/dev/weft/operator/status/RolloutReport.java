package dev.weft.operator.status;

import dev.weft.api.RolloutPhase;
import dev.weft.api.RolloutStatus;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.plan.Plan;
import dev.weft.operator.rollout.Gate;
import dev.weft.operator.rollout.GateResult;
import dev.weft.operator.rollout.Step;
import java.util.List;
import java.util.Optional;

/**
 * How far nodes have come.
 *
 * @param installed whether a revision ever ran on all nodes
 */
record RolloutReport(Observed observed, Plan.Install plan, boolean installed) {
    private static final int NAMED_NODES = 10;

    RolloutStatus status() {
        int total = plan.agentNodes().size();
        if (!installed) {
            int done = passed();
            return report(RolloutPhase.INSTALLING, done, "", List.of(), installing(), done + "/" + total + " nodes");
        }
        int moved = pinnedToTarget();
        String nodes = moved + "/" + total + " nodes";
        return switch (plan.step()) {
            case Step.Begin begin -> report(RolloutPhase.PROGRESSING, moved, "", List.of(), "begins", nodes);
            case Step.Move move ->
                report(
                        RolloutPhase.PROGRESSING,
                        moved,
                        move.nodes().getFirst(),
                        List.of(),
                        "moves " + String.join(", ", move.nodes()),
                        nodes);
            case Step.Hold hold ->
                report(
                        RolloutPhase.PROGRESSING,
                        moved - 1,
                        hold.node(),
                        List.of(),
                        hold.why(),
                        (moved - 1) + "/" + total + " nodes");
            case Step.Stopped stopped ->
                report(
                        RolloutPhase.STOPPED,
                        moved - 1,
                        stopped.node(),
                        List.of(),
                        stopped.why(),
                        "stopped, " + (moved - 1) + "/" + total + " nodes");
            case Step.Skipped skipped ->
                report(
                        RolloutPhase.COMPLETE,
                        moved,
                        "",
                        skipped.nodes().stream().limit(NAMED_NODES).toList(),
                        skipped.nodes().size() + " nodes are not ready and follow when they are",
                        nodes);
            case Step.Done done -> report(RolloutPhase.COMPLETE, moved, "", List.of(), "", nodes);
        };
    }

    private RolloutStatus report(
            RolloutPhase phase, int done, String node, List<String> skipped, String message, String summary) {
        return new RolloutStatus(
                phase,
                plan.stable().equals(plan.target().name()) ? "" : plan.stable(),
                plan.target().name(),
                plan.target().config().version(),
                plan.startedAt().toString(),
                Math.max(0, done),
                plan.agentNodes().size(),
                node,
                skipped,
                message,
                summary);
    }

    private int pinnedToTarget() {
        return (int) plan.agentNodes().stream()
                .filter(n ->
                        n.revision().orElse(plan.stable()).equals(plan.target().name()))
                .count();
    }

    private int passed() {
        Gate gate = new Gate(observed, plan.target().name());
        return (int) plan.agentNodes().stream()
                .filter(n -> gate.judge(n) instanceof GateResult.Passed)
                .count();
    }

    private String installing() {
        Gate gate = new Gate(observed, plan.target().name());
        Optional<String> waiting =
                plan.agentNodes().stream().flatMap(n -> why(gate, n).stream()).findFirst();
        return waiting.orElse("waits for nodes");
    }

    private static Optional<String> why(Gate gate, NodeInfo node) {
        return switch (gate.judge(node)) {
            case GateResult.Passed passed -> Optional.empty();
            case GateResult.Waiting waiting -> Optional.of(waiting.why());
            case GateResult.Failed failed -> Optional.of(failed.why());
        };
    }
}
