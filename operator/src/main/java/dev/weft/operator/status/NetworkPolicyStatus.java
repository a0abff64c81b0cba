package dev.weft.operator.status;

import dev.weft.api.ComponentStatus;
import dev.weft.api.ManagementState;
import dev.weft.config.NodeStatus;
import dev.weft.operator.observe.AgentReport;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.plan.Plan;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Network policy as a component. */
record NetworkPolicyStatus(Observed observed, Plan.Install plan, Health health) {
    private static final String COMPONENT = "networkPolicy";
    private static final int TOP = 3;

    /** Nothing once it is removed. */
    Optional<ComponentStatus> component() {
        ManagementState state = plan.networkPolicy().state();
        boolean on = plan.networkPolicy().config().enabled();
        List<NodeInfo> running =
                plan.agentNodes().stream().filter(n -> role(n).isPresent()).toList();
        if (state == ManagementState.REMOVED && !on && running.isEmpty()) {
            return Optional.empty();
        }
        Stream<String> leaving = on || running.isEmpty()
                ? Stream.empty()
                : Stream.of("policies are still enforced on " + running.size()
                        + (running.size() == 1 ? " node" : " nodes"));
        return Optional.of(new ComponentStatus(
                COMPONENT,
                state,
                plan.target().config().version(),
                on ? plan.agentNodes().size() : 0,
                on ? updated() : 0,
                (int) running.stream()
                        .filter(n -> role(n).filter(NodeStatus.Role::ready).isPresent())
                        .count(),
                Stream.concat(health.networkPolicy().stream().limit(TOP), leaving)
                        .collect(Collectors.joining("; "))));
    }

    private int updated() {
        return (int) plan.agentNodes().stream()
                .filter(n -> observed.pod(n.name(), plan.target().name()).isPresent())
                .count();
    }

    private Optional<NodeStatus.Role> role(NodeInfo node) {
        return observed.agents().get(node.name()) instanceof AgentReport.Answered answered
                ? answered.status().roles().stream()
                        .filter(r -> r.name().equals(NodeStatus.Role.NETWORK_POLICY))
                        .findFirst()
                : Optional.empty();
    }
}
