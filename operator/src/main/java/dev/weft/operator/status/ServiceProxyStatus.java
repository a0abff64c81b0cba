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

/** The service proxy as a component, with how far it is on its way from kube-proxy or back. */
record ServiceProxyStatus(Observed observed, Plan.Install plan, Health health) {
    private static final String COMPONENT = "serviceProxy";
    private static final int TOP = 3;

    /** Nothing once it is removed. */
    Optional<ComponentStatus> component() {
        ManagementState state = plan.serviceProxy().state();
        boolean on = plan.serviceProxy().config().enabled();
        List<NodeInfo> running =
                plan.agentNodes().stream().filter(n -> role(n).isPresent()).toList();
        if (state == ManagementState.REMOVED && !on && running.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ComponentStatus(
                COMPONENT,
                state,
                plan.target().config().version(),
                on ? plan.agentNodes().size() : 0,
                on ? updated() : 0,
                (int) running.stream()
                        .filter(n -> role(n).filter(NodeStatus.Role::ready).isPresent())
                        .count(),
                message(on, running)));
    }

    private int updated() {
        return (int) plan.agentNodes().stream()
                .filter(n -> observed.pod(n.name(), plan.target().name()).isPresent())
                .count();
    }

    private String message(boolean on, List<NodeInfo> running) {
        String handover = plan.serviceProxy().handover().message();
        Stream<String> leaving = on || running.isEmpty()
                ? Stream.empty()
                : Stream.of("its rules are still on " + running.size() + (running.size() == 1 ? " node" : " nodes"));
        return Stream.of(
                        health.serviceProxy().stream(),
                        leaving,
                        handover.isEmpty() ? Stream.<String>empty() : Stream.of(handover),
                        running.stream().flatMap(n -> note(n).stream()))
                .flatMap(part -> part.limit(TOP))
                .collect(Collectors.joining("; "));
    }

    /** What a node that serves wants known all the same. */
    private Optional<String> note(NodeInfo node) {
        return role(node).filter(r -> r.ready() && !r.message().isEmpty()).map(r -> node.name() + ": " + r.message());
    }

    private Optional<NodeStatus.Role> role(NodeInfo node) {
        return observed.agents().get(node.name()) instanceof AgentReport.Answered answered
                ? answered.status().roles().stream()
                        .filter(r -> r.name().equals(NodeStatus.Role.SERVICE_PROXY))
                        .findFirst()
                : Optional.empty();
    }
}
