package dev.weft.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.ManagementState;
import dev.weft.api.NetworkPolicySpec;
import dev.weft.api.PodStartTimeout;
import dev.weft.config.NodeConfig;
import dev.weft.config.NodeConfig.NetworkPolicy.OnStartTimeout;
import dev.weft.config.Routing;
import dev.weft.operator.observe.ClusterDns;
import dev.weft.operator.observe.ClusterIngress;
import dev.weft.operator.observe.Discovered;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkPolicyChoiceTest {
    private static final NodeConfig.NetworkPolicy ON =
            new NodeConfig.NetworkPolicy(true, 10, OnStartTimeout.REFUSE, true);

    private static Discovered found(String... foreign) {
        return new Discovered(
                List.of(),
                "",
                List.of(),
                "",
                List.of(),
                Optional.empty(),
                ClusterDns.NONE,
                ClusterIngress.NONE,
                List.of(foreign));
    }

    private static Optional<NodeConfig> running(NodeConfig.NetworkPolicy policy) {
        return Optional.of(new NodeConfig(
                "0.1.0",
                "r1",
                List.of(URI.create("https://192.0.2.1:6443")),
                List.of(),
                Routing.VXLAN,
                new NodeConfig.Vxlan(1, 8472, false),
                0,
                new NodeConfig.Masquerade(true, List.of()),
                NodeConfig.ServiceProxy.DISABLED,
                policy));
    }

    private static NetworkPolicySpec spec(ManagementState state) {
        return new NetworkPolicySpec(state, 20, PodStartTimeout.ALLOW, false);
    }

    @Test
    void a_new_installation_enforces_unless_somebody_else_does() {
        NetworkPolicyChoice alone = NetworkPolicyChoice.of(NetworkPolicySpec.EMPTY, found(), Optional.empty());
        assertThat(alone.config()).isEqualTo(ON);
        assertThat(alone.state()).isEqualTo(ManagementState.MANAGED);
        NetworkPolicyChoice beside = NetworkPolicyChoice.of(
                NetworkPolicySpec.EMPTY,
                found("pod network and network policy: DaemonSet kube-system/calico-node"),
                Optional.empty());
        assertThat(beside.config().enabled()).isFalse();
        assertThat(beside.from()).contains("calico-node");
        assertThat(NetworkPolicyChoice.of(
                                NetworkPolicySpec.EMPTY,
                                found("pod network: DaemonSet kube-flannel/kube-flannel-ds"),
                                Optional.empty())
                        .config())
                .isEqualTo(ON);
    }

    @Test
    void what_runs_goes_on() {
        assertThat(NetworkPolicyChoice.of(
                                NetworkPolicySpec.EMPTY,
                                found("network policy: DaemonSet a/kube-network-policies"),
                                running(ON))
                        .config())
                .isEqualTo(ON);
        NetworkPolicyChoice off =
                NetworkPolicyChoice.of(NetworkPolicySpec.EMPTY, found(), running(NodeConfig.NetworkPolicy.DISABLED));
        assertThat(off.config().enabled()).isFalse();
        assertThat(off.state()).isEqualTo(ManagementState.REMOVED);
    }

    @Test
    void the_spec_is_followed() {
        NodeConfig.NetworkPolicy asked = new NodeConfig.NetworkPolicy(true, 20, OnStartTimeout.ALLOW, false);
        NetworkPolicyChoice managed = NetworkPolicyChoice.of(spec(ManagementState.MANAGED), found(), Optional.empty());
        assertThat(managed.config()).isEqualTo(asked);
        assertThat(managed.effective()).isEqualTo(spec(ManagementState.MANAGED));
        assertThat(NetworkPolicyChoice.of(spec(ManagementState.REMOVED), found(), running(asked))
                        .config()
                        .enabled())
                .isFalse();
        assertThat(NetworkPolicyChoice.of(spec(ManagementState.UNMANAGED), found(), running(asked))
                        .config())
                .as("left as it is")
                .isEqualTo(asked);
    }
}
