package dev.weft.operator.plan;

import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.LiveRevision;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Taking everything off the nodes, step by step, each decided from what is there. Pure. */
public sealed interface Removal {
    /** However many nodes do not answer, it ends. */
    Duration LIMIT = Duration.ofMinutes(2);

    /** Delete the DaemonSets of agents; what they did in the kernel stays for the clean-up. */
    record StopAgents() implements Removal {}

    /** Start the clean-up on all nodes. */
    record StartCleanup(HasMetadata daemonSet) implements Removal {}

    /** The clean-up runs. */
    record Await(int clean, int total) implements Removal {}

    /**
     * Delete what is left in the cluster.
     *
     * @param blocked nodes that could not be cleaned, with the reason
     */
    record Finish(List<String> blocked) implements Removal {
        public Finish {
            blocked = List.copyOf(blocked);
        }
    }

    /**
     * What is there, freshly read.
     *
     * @param cleanupStarted when the clean-up's DaemonSet was created, if it is there
     */
    record Found(
            Instant now,
            List<NodeInfo> nodes,
            List<AgentPod> pods,
            List<LiveRevision> live,
            Optional<Instant> cleanupStarted) {}

    static Removal next(Found found) {
        if (found.live().stream().anyMatch(LiveRevision::deployed)) {
            return new StopAgents();
        }
        if (found.cleanupStarted().isEmpty()) {
            return found.live().stream()
                    .max(Comparator.comparing(LiveRevision::stable).thenComparing(LiveRevision::name))
                    .<Removal>map(r -> new StartCleanup(CleanupObjects.of(r.revision())))
                    .orElseGet(() -> new Finish(List.of()));
        }
        List<NodeInfo> dirty =
                found.nodes().stream().filter(n -> !clean(n, found.pods())).toList();
        boolean late = found.now().isAfter(found.cleanupStarted().get().plus(LIMIT));
        return dirty.isEmpty() || late
                ? new Finish(dirty.stream().map(n -> blocker(n, found.pods())).toList())
                : new Await(found.nodes().size() - dirty.size(), found.nodes().size());
    }

    private static boolean clean(NodeInfo node, List<AgentPod> pods) {
        return pods.stream()
                .anyMatch(p -> p.application().equals(Names.CLEANUP) && p.node().equals(node.name()) && p.ready());
    }

    private static String blocker(NodeInfo node, List<AgentPod> pods) {
        String why = pods.stream()
                .filter(p -> p.application().equals(Names.CLEANUP) && p.node().equals(node.name()))
                .map(AgentPod::describe)
                .collect(Collectors.joining("; "));
        String state = node.ready() ? "" : " (node not ready)";
        return node.name() + state + ": " + (why.isEmpty() ? "no clean-up pod" : why);
    }
}
