package dev.weft.operator.plan;

import dev.weft.api.ManagementState;
import dev.weft.api.NetworkPolicySpec;
import dev.weft.api.PodStartTimeout;
import dev.weft.config.NodeConfig;
import dev.weft.config.NodeConfig.NetworkPolicy.OnStartTimeout;
import dev.weft.operator.observe.Discovered;
import java.util.Objects;
import java.util.Optional;

/**
 * Who enforces NetworkPolicies, and why.
 *
 * @param state what holds
 * @param config what agents are told
 * @param from where the choice came from, for people
 */
public record NetworkPolicyChoice(ManagementState state, NodeConfig.NetworkPolicy config, String from) {
    /** @param running the configuration that nodes have, if there is one */
    static NetworkPolicyChoice of(NetworkPolicySpec spec, Discovered discovered, Optional<NodeConfig> running) {
        return switch (spec.managementState()) {
            case MANAGED -> new NetworkPolicyChoice(ManagementState.MANAGED, on(spec), SettingsResolver.FROM_SPEC);
            case UNMANAGED ->
                new NetworkPolicyChoice(
                        ManagementState.UNMANAGED,
                        running.map(NodeConfig::networkPolicy).orElse(NodeConfig.NetworkPolicy.DISABLED),
                        SettingsResolver.FROM_SPEC);
            case REMOVED ->
                new NetworkPolicyChoice(
                        ManagementState.REMOVED, NodeConfig.NetworkPolicy.DISABLED, SettingsResolver.FROM_SPEC);
            case null -> unsaid(spec, discovered, running);
        };
    }

    /** What runs goes on: policies that nobody enforced so far are not enforced from one release to the next. */
    private static NetworkPolicyChoice unsaid(
            NetworkPolicySpec spec, Discovered discovered, Optional<NodeConfig> running) {
        if (running.isPresent()) {
            return running.get().networkPolicy().enabled()
                    ? new NetworkPolicyChoice(ManagementState.MANAGED, on(spec), "as it runs")
                    : new NetworkPolicyChoice(ManagementState.REMOVED, NodeConfig.NetworkPolicy.DISABLED, "as it runs");
        }
        return discovered
                .policyEngine()
                .map(engine -> new NetworkPolicyChoice(
                        ManagementState.REMOVED, NodeConfig.NetworkPolicy.DISABLED, "found " + engine))
                .orElseGet(() -> new NetworkPolicyChoice(
                        ManagementState.MANAGED, on(spec), "nobody else was found to enforce policies"));
    }

    private static NodeConfig.NetworkPolicy on(NetworkPolicySpec spec) {
        NodeConfig.NetworkPolicy defaults = NodeConfig.NetworkPolicy.DISABLED;
        return new NodeConfig.NetworkPolicy(
                true,
                Objects.requireNonNullElse(spec.podStartTimeoutSeconds(), defaults.startTimeoutSeconds()),
                switch (spec.onPodStartTimeout()) {
                    case REFUSE -> OnStartTimeout.REFUSE;
                    case ISOLATE -> OnStartTimeout.ISOLATE;
                    case ALLOW -> OnStartTimeout.ALLOW;
                    case null -> defaults.onStartTimeout();
                },
                Objects.requireNonNullElse(spec.logDenied(), defaults.logDenied()));
    }

    /** As users read it in {@code status.effective}. */
    NetworkPolicySpec effective() {
        return config.enabled()
                ? new NetworkPolicySpec(
                        state,
                        config.startTimeoutSeconds(),
                        switch (config.onStartTimeout()) {
                            case REFUSE -> PodStartTimeout.REFUSE;
                            case ISOLATE -> PodStartTimeout.ISOLATE;
                            case ALLOW -> PodStartTimeout.ALLOW;
                        },
                        config.logDenied())
                : new NetworkPolicySpec(state, null, null, null);
    }
}
