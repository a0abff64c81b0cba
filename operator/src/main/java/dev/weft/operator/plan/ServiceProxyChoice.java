package dev.weft.operator.plan;

import dev.weft.api.ManagementState;
import dev.weft.api.ServiceProxySpec;
import dev.weft.config.NodeConfig;
import dev.weft.operator.handover.Handover;
import dev.weft.operator.observe.AgentReport;
import dev.weft.operator.observe.KubeProxy;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import java.util.List;
import java.util.Optional;

/**
 * Who serves Services, and why.
 *
 * @param state what holds: Managed, also where the spec says nothing and Weft serves
 * @param config what agents are told
 * @param from where the choice came from, for people
 * @param handover how far nodes are on their way from kube-proxy or back, and the next step
 */
public record ServiceProxyChoice(
        ManagementState state, NodeConfig.ServiceProxy config, String from, Handover handover) {

    /**
     * @param nodes those that run an agent
     * @param running the configuration that nodes have, if there is one
     */
    static ServiceProxyChoice of(
            ServiceProxySpec spec, Observed observed, List<NodeInfo> nodes, Optional<NodeConfig> running) {
        NodeConfig.ServiceProxy was = running.map(NodeConfig::serviceProxy).orElse(NodeConfig.ServiceProxy.DISABLED);
        return switch (spec.managementState()) {
            case MANAGED ->
                new ServiceProxyChoice(
                        ManagementState.MANAGED,
                        on(spec, observed, was),
                        SettingsResolver.FROM_SPEC,
                        Handover.takeOver(observed, nodes));
            case UNMANAGED ->
                new ServiceProxyChoice(
                        ManagementState.UNMANAGED,
                        was,
                        SettingsResolver.FROM_SPEC,
                        Handover.note("managementState is Unmanaged: left " + (was.enabled() ? "on" : "off")
                                + " as it was, and so is kube-proxy"));
            case REMOVED -> removed(spec, observed, nodes, was);
            case null -> unsaid(spec, observed, nodes, was);
        };
    }

    private static ServiceProxyChoice removed(
            ServiceProxySpec spec, Observed observed, List<NodeInfo> nodes, NodeConfig.ServiceProxy was) {
        Handover handover = Handover.handBack(observed, nodes);
        boolean serving = was.enabled() && !handover.done();
        return new ServiceProxyChoice(
                ManagementState.REMOVED,
                serving ? on(spec, observed, was) : NodeConfig.ServiceProxy.DISABLED,
                SettingsResolver.FROM_SPEC,
                handover);
    }

    /** What runs goes on: neither Weft nor kube-proxy gives way to the other unless told to. */
    private static ServiceProxyChoice unsaid(
            ServiceProxySpec spec, Observed observed, List<NodeInfo> nodes, NodeConfig.ServiceProxy was) {
        Optional<KubeProxy> kubeProxy = observed.discovered().kubeProxy();
        if (was.enabled()) {
            boolean takenOver = nodes.stream().anyMatch(n -> !n.kubeProxy().isEmpty());
            Handover handover = takenOver || kubeProxy.isEmpty()
                    ? Handover.takeOver(observed, nodes)
                    : Handover.note("kube-proxy runs as well (" + describe(kubeProxy) + "); set"
                            + " spec.serviceProxy.managementState to Managed, and Weft takes over from it, or to Removed,"
                            + " and Weft leaves Services to it");
            return new ServiceProxyChoice(ManagementState.MANAGED, on(spec, observed, was), "as it runs", handover);
        }
        boolean rules = observed.agents().values().stream()
                .anyMatch(r -> r instanceof AgentReport.Answered a
                        && !a.status().kubeProxy().isEmpty());
        if (kubeProxy.isPresent() || rules) {
            String found = kubeProxy.isPresent()
                    ? "kube-proxy serves (" + describe(kubeProxy) + ")"
                    : "kube-proxy's rules are on nodes";
            return new ServiceProxyChoice(
                    ManagementState.UNMANAGED,
                    NodeConfig.ServiceProxy.DISABLED,
                    "kube-proxy was found",
                    Handover.note(
                            found + "; set spec.serviceProxy.managementState to Managed, and Weft takes over node by"
                                    + " node, without interruption"));
        }
        return new ServiceProxyChoice(
                ManagementState.MANAGED,
                on(spec, observed, was),
                "no kube-proxy was found",
                Handover.takeOver(observed, nodes));
    }

    private static NodeConfig.ServiceProxy on(ServiceProxySpec spec, Observed observed, NodeConfig.ServiceProxy was) {
        boolean known = !observed.discovered().serviceCidrs().isEmpty();
        return new NodeConfig.ServiceProxy(
                true, spec.nodePortAddresses(), known ? observed.discovered().serviceCidrs() : was.serviceCidrs());
    }

    private static String describe(Optional<KubeProxy> kubeProxy) {
        return kubeProxy.map(KubeProxy::describe).orElse("");
    }

    /** As users read it in {@code status.effective}. */
    ServiceProxySpec effective() {
        return new ServiceProxySpec(state, config.nodePortAddresses());
    }
}
