package dev.weft.operator.status;

import dev.weft.config.NodeStatus;
import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.AgentReport;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is wrong with agents, in sentences. A node that is not ready is told apart: its agent cannot be.
 *
 * @param problems agents whose pod network has not been well for longer than {@link #GRACE}, worst first
 * @param serviceProxy those whose service proxy has not
 * @param networkPolicy those whose network policy has not
 * @param starting agents that are not ready but may still become so
 * @param notReadyNodes names of nodes that are not ready
 * @param repairs what agents and the operator put back in the last minutes
 */
record Health(
        List<String> problems,
        List<String> serviceProxy,
        List<String> networkPolicy,
        List<String> starting,
        List<String> notReadyNodes,
        List<String> repairs) {
    /** Long enough for an agent to be restarted, so that a restart is not an alarm. */
    static final Duration GRACE = Duration.ofSeconds(60);

    /** Roles that are components of their own. */
    private static final Set<String> APART = Set.of(NodeStatus.Role.SERVICE_PROXY, NodeStatus.Role.NETWORK_POLICY);

    private static final Duration REPAIR_SHOWN = Duration.ofMinutes(10);

    static Health of(Observed observed, List<NodeInfo> agentNodes) {
        List<String> problems = new ArrayList<>();
        List<String> serviceProxy = new ArrayList<>();
        List<String> networkPolicy = new ArrayList<>();
        List<String> starting = new ArrayList<>();
        List<String> notReady = new ArrayList<>();
        for (NodeInfo node : agentNodes) {
            Optional<AgentPod> pod = observed.pods().stream()
                    .filter(p -> p.node().equals(node.name()) && !p.revision().isEmpty() && !p.terminating())
                    .findFirst();
            if (node.podCidrs().isEmpty()) {
                problems.add(
                        "node " + node.name() + " has no podCIDR: kube-controller-manager has no range left or does"
                                + " not run with --allocate-node-cidrs=true");
            } else if (pod.isEmpty()) {
                (node.ready() ? starting : notReady).add(node.ready() ? node.name() + " has no pod yet" : node.name());
            } else if (!pod.get().ready()) {
                if (!node.ready() && pod.get().problem().isEmpty()) {
                    notReady.add(node.name());
                } else {
                    boolean late = older(observed, pod.get().readySince());
                    (late ? problems : starting).add(pod.get().describe());
                }
            } else if (!node.ready()) {
                notReady.add(node.name());
            } else {
                agent(observed, node, pod.get()).ifPresent(problems::add);
                role(NodeStatus.Role.SERVICE_PROXY, observed, node, pod.get()).ifPresent(serviceProxy::add);
                role(NodeStatus.Role.NETWORK_POLICY, observed, node, pod.get()).ifPresent(networkPolicy::add);
            }
        }
        return new Health(problems, serviceProxy, networkPolicy, starting, notReady, repairs(observed));
    }

    private static Optional<String> agent(Observed observed, NodeInfo node, AgentPod pod) {
        return switch (observed.agents().get(node.name())) {
            case null -> Optional.empty();
            case AgentReport.Silent silent ->
                older(observed, silent.since())
                        ? Optional.of("the agent on " + node.name() + " does not answer: " + silent.why())
                        : Optional.empty();
            case AgentReport.Answered answered ->
                notReady(observed, answered, pod, role -> !APART.contains(role.name()));
        };
    }

    private static Optional<String> role(String name, Observed observed, NodeInfo node, AgentPod pod) {
        return observed.agents().get(node.name()) instanceof AgentReport.Answered answered
                ? notReady(observed, answered, pod, role -> role.name().equals(name))
                : Optional.empty();
    }

    private static Optional<String> notReady(
            Observed observed, AgentReport.Answered answered, AgentPod pod, Predicate<NodeStatus.Role> counts) {
        if (!older(observed, answered.since())) {
            return Optional.empty();
        }
        String why = answered.status().roles().stream()
                .filter(counts)
                .filter(r -> !r.ready())
                .map(r -> r.name() + ": " + r.message())
                .collect(Collectors.joining("; "));
        return why.isEmpty()
                ? Optional.empty()
                : Optional.of(pod.name() + " on " + answered.node() + " is not ready: " + why);
    }

    private static boolean older(Observed observed, Instant since) {
        return Duration.between(since, observed.now()).compareTo(GRACE) > 0;
    }

    private static List<String> repairs(Observed observed) {
        Instant from = observed.now().minus(REPAIR_SHOWN);
        Stream<String> own = observed.repairs().stream().limit(1).map(r -> "repaired: " + r.what());
        Stream<String> onNodes = observed.agents().values().stream()
                .sorted((a, b) -> a.node().compareTo(b.node()))
                .flatMap(report -> report instanceof AgentReport.Answered answered
                        ? answered.status().repairs().reversed().stream()
                                .filter(r -> r.at().isAfter(from))
                                .limit(1)
                                .map(NodeStatus.Repair::what)
                                .map(what -> "repaired on " + answered.node() + ": " + what)
                        : Stream.empty());
        return Stream.concat(own, onNodes).toList();
    }
}
