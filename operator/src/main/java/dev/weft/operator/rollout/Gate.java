package dev.weft.operator.rollout;

import dev.weft.config.NodeStatus;
import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.AgentReport;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.rollout.GateResult.Failed;
import dev.weft.operator.rollout.GateResult.Passed;
import dev.weft.operator.rollout.GateResult.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Judges one node by what is in the cluster and what agents say. Holds no state, so an operator that takes over in the
 * middle judges alike.
 *
 * @param observed the moment
 * @param revision what the node should run
 */
public record Gate(Observed observed, String revision) {
    /** A node that is not well this long after its move has failed. */
    static final Duration DEADLINE = Duration.ofMinutes(3);

    /** Images that cannot be pulled and the like are given this long, since a registry may stumble once. */
    static final Duration LASTING_DEADLINE = Duration.ofSeconds(30);

    /** Longer than the 10 s between an agent's probes: an answer reported later than this came after the start. */
    private static final Duration PROBE_ROUND = Duration.ofSeconds(15);

    public GateResult judge(NodeInfo node) {
        return judgeNode(node) instanceof Waiting waiting ? bounded(node, waiting) : judgeNode(node);
    }

    private GateResult judgeNode(NodeInfo node) {
        Instant moved = node.movedAt().orElse(Instant.EPOCH);
        Optional<AgentPod> pod = observed.pod(node.name(), revision);
        if (pod.isEmpty()) {
            Instant since = later(moved, node.movedAt().isPresent() ? moved : observed.now());
            return new Waiting("node " + node.name() + " has no pod of revision " + revision + " yet", since);
        }
        return judgePod(node, pod.get(), later(moved, pod.get().createdAt()));
    }

    private GateResult judgePod(NodeInfo node, AgentPod pod, Instant begin) {
        boolean lasting = pod.problem().filter(AgentPod.PodProblem::lasting).isPresent();
        if (!pod.ready() && lasting && elapsed(begin).compareTo(LASTING_DEADLINE) >= 0) {
            return new Failed(pod.describe());
        }
        if (!pod.ready()) {
            return new Waiting(pod.describe(), later(begin, pod.readySince()));
        }
        if (!node.ready()) {
            return new Waiting("node " + node.name() + " is not ready", later(begin, node.readySince()));
        }
        AgentReport report = observed.agents().get(node.name());
        return switch (report) {
            case null -> new Waiting("the agent of " + node.name() + " was not asked yet", observed.now());
            case AgentReport.Silent silent ->
                new Waiting(pod.name() + " on " + node.name() + ": " + silent.why(), later(begin, silent.since()));
            case AgentReport.Answered answered -> judgeAgent(node, pod, answered, later(begin, answered.since()));
        };
    }

    private GateResult judgeAgent(NodeInfo node, AgentPod pod, AgentReport.Answered report, Instant begin) {
        NodeStatus status = report.status();
        String who = pod.name() + " on " + node.name() + ": ";
        if (!status.revision().equals(revision)) {
            return new Waiting(who + "the agent still says revision " + status.revision(), begin);
        }
        Optional<NodeStatus.Role> role =
                status.roles().stream().filter(r -> !r.ready()).findFirst();
        if (role.isPresent()) {
            return new Waiting(who + role.get().name() + ": " + role.get().message(), begin);
        }
        List<NodeInfo> peers = observed.nodes().stream()
                .filter(peer -> !peer.name().equals(node.name()) && peer.ready() && agentReady(peer))
                .toList();
        return judgeProbes(node, report, peers)
                .<GateResult>map(why -> new Waiting(who + why, begin))
                .orElseGet(Passed::new);
    }

    /** What speaks against the probes from and to the node, if anything does. */
    private Optional<String> judgeProbes(NodeInfo node, AgentReport.Answered report, List<NodeInfo> peers) {
        if (peers.isEmpty()) {
            return Optional.empty();
        }
        boolean anyFrom = false;
        boolean anyTo = false;
        for (NodeInfo peer : peers) {
            for (NodeStatus.Probe probe : report.status().probes()) {
                if (probe.node().equals(peer.name())) {
                    anyFrom = true;
                    if (!probe.ok()
                            || !probe.lastAnswered().isAfter(report.status().startedAt())) {
                        return Optional.of("probes to " + peer.name() + " by " + probe.family() + " are not answered: "
                                + probe.message());
                    }
                }
            }
            if (observed.agents().get(peer.name()) instanceof AgentReport.Answered answered) {
                for (NodeStatus.Probe probe : answered.status().probes()) {
                    if (probe.node().equals(node.name())) {
                        anyTo = true;
                        if (!freshlyAnswered(probe, answered, report)) {
                            return Optional.of("probes from " + peer.name() + " by " + probe.family()
                                    + " are not answered: " + probe.message());
                        }
                    }
                }
            }
        }
        if (!anyFrom) {
            return Optional.of("it has not probed another node yet");
        }
        return anyTo ? Optional.empty() : Optional.of("no other node has probed it yet");
    }

    /** Nodes' clocks may differ, so an answer also counts when it was reported well after the agent was first seen. */
    private static boolean freshlyAnswered(
            NodeStatus.Probe probe, AgentReport.Answered from, AgentReport.Answered target) {
        return probe.ok()
                && (probe.lastAnswered().isAfter(target.status().startedAt())
                        || from.at().isAfter(target.since().plus(PROBE_ROUND)));
    }

    private boolean agentReady(NodeInfo peer) {
        return observed.pods().stream().anyMatch(p -> p.node().equals(peer.name()) && p.ready() && !p.terminating());
    }

    private GateResult bounded(NodeInfo node, Waiting waiting) {
        return elapsed(waiting.since()).compareTo(DEADLINE) >= 0
                ? new Failed(waiting.why() + " (for " + DEADLINE.toMinutes() + " minutes, node " + node.name() + ")")
                : waiting;
    }

    private Duration elapsed(Instant since) {
        return Duration.between(since, observed.now());
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
