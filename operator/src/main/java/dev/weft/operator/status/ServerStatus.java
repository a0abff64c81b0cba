package dev.weft.operator.status;

import dev.weft.api.ComponentStatus;
import dev.weft.api.ManagementState;
import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.observe.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Servers as a component.
 *
 * @param name of the component
 * @param serving whether Weft's run, or are to
 * @param running those that count
 * @param problems what has kept them from serving for longer than {@link Health#GRACE}
 * @param starting pods that may still become ready
 * @param notes what servers say of which others make up for it
 * @param hints what people should know of the choice that was made
 * @param progress what is under way; empty when nothing is
 */
record ServerStatus(
        String name,
        ManagementState state,
        String version,
        boolean serving,
        Optional<Workload> running,
        List<String> problems,
        List<String> starting,
        List<String> notes,
        List<String> hints,
        String progress) {
    private static final int TOP = 3;

    /** Pods that are not ready, of nodes that are heard of: those for longer than {@link Health#GRACE}, or the others. */
    static List<String> unready(Observed observed, List<AgentPod> pods, boolean late) {
        Set<String> silent = silent(observed);
        return pods.stream()
                .filter(p -> !p.ready() && !p.terminating() && !silent.contains(p.node()))
                .filter(p -> late == late(observed, p))
                .map(AgentPod::describe)
                .toList();
    }

    private static boolean late(Observed observed, AgentPod pod) {
        return Duration.between(pod.readySince(), observed.now()).compareTo(Health.GRACE) > 0;
    }

    /** Nodes that have gone silent. */
    static Set<String> silent(Observed observed) {
        return observed.nodes().stream()
                .filter(NodeInfo::unreachable)
                .map(NodeInfo::name)
                .collect(Collectors.toSet());
    }

    /**
     * A server that restarts is no news while another one serves.
     *
     * @param away how many are not waited for
     * @param people how people call the servers, in the plural
     */
    static String progress(Optional<Workload> running, int away, String people) {
        if (running.isEmpty()) {
            return people + " are about to start";
        }
        Workload now = running.get();
        if (!now.current() || now.updated() < now.desired() - away) {
            return now.updated() + " of " + now.desired() + " " + people + " are up to date";
        }
        return now.ready() == 0 ? "none of the " + people + " is ready yet" : "";
    }

    boolean progressing() {
        return !progress.isEmpty();
    }

    /** Nothing once it is removed. */
    Optional<ComponentStatus> component() {
        if (state == ManagementState.REMOVED && running.isEmpty()) {
            return Optional.empty();
        }
        String message = Stream.of(problems, starting, notes, hints)
                .flatMap(part -> part.stream().limit(TOP))
                .collect(Collectors.joining("; "));
        return Optional.of(new ComponentStatus(
                name,
                state,
                version,
                serving ? running.map(Workload::desired).orElse(0) : 0,
                running.map(Workload::updated).orElse(0),
                running.map(Workload::ready).orElse(0),
                message));
    }
}
