package dev.weft.operator.plan;

import dev.weft.api.ClusterNetworkSpec;
import dev.weft.api.MasqueradeSpec;
import dev.weft.api.PodNetworkSpec;
import dev.weft.api.VxlanSpec;
import dev.weft.config.NodeConfig;
import dev.weft.config.Routing;
import dev.weft.net.Cidr;
import dev.weft.operator.observe.Discovered;
import dev.weft.operator.observe.NodeInfo;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Resolves every default. A discovered value that is in use stays in use while it still holds, so that a node that joins
 * or an API server that restarts does not roll all agents.
 */
final class SettingsResolver {
    private static final int DEFAULT_VNI = 1;
    /** What the kernel uses by default; the IANA port is 4789. */
    private static final int DEFAULT_VXLAN_PORT = 8472;

    static final String FROM_SPEC = "spec";

    private final ClusterNetworkSpec spec;
    private final Discovered discovered;
    private final List<NodeInfo> nodes;
    private final Optional<NodeConfig> running;
    private final Release release;

    SettingsResolver(
            ClusterNetworkSpec spec,
            Discovered discovered,
            List<NodeInfo> nodes,
            Optional<NodeConfig> running,
            Release release) {
        this.spec = spec;
        this.discovered = discovered;
        this.nodes = nodes;
        this.running = running;
        this.release = release;
    }

    String version() {
        return Objects.requireNonNullElse(spec.version(), release.version());
    }

    Settings resolve(ServiceProxyChoice serviceProxy) {
        NetworkPolicyChoice networkPolicy = NetworkPolicyChoice.of(spec.networkPolicy(), discovered, running);
        PodNetworkSpec pods = spec.podNetwork();
        NodeConfig config = new NodeConfig(
                version(),
                "",
                apiServers(),
                podCidrs(),
                pods.routing() == dev.weft.api.Routing.DIRECT ? Routing.DIRECT : Routing.VXLAN,
                vxlan(pods.vxlan()),
                Objects.requireNonNullElse(pods.mtu(), 0),
                masquerade(pods.masquerade()),
                serviceProxy.config(),
                networkPolicy.config());
        String registry = Objects.requireNonNullElse(spec.images().registry(), release.registry());
        return new Settings(
                config,
                registry,
                registry + "/weft-node:" + version(),
                serviceProxy,
                networkPolicy,
                podCidrsFrom(),
                "EndpointSlices of Service kubernetes in namespace default");
    }

    List<Cidr> podCidrs() {
        if (!spec.podNetwork().cidrs().isEmpty()) {
            return spec.podNetwork().cidrs().stream().map(Cidr::parse).toList();
        }
        if (!discovered.podCidrs().isEmpty()) {
            return discovered.podCidrs();
        }
        return running.map(NodeConfig::podCidrs)
                .filter(inUse -> PodCidrs.holdAll(inUse, nodes))
                .orElseGet(() -> PodCidrs.covering(nodes, discovered.serviceCidrs()));
    }

    String podCidrsFrom() {
        if (!spec.podNetwork().cidrs().isEmpty()) {
            return FROM_SPEC;
        }
        return discovered.podCidrs().isEmpty()
                ? "podCIDRs of the nodes, widened for nodes to come"
                : discovered.podCidrsFrom();
    }

    private List<URI> apiServers() {
        return running.map(NodeConfig::apiServers)
                .filter(inUse -> inUse.stream().anyMatch(discovered.apiServers()::contains))
                .orElse(discovered.apiServers());
    }

    private static NodeConfig.Vxlan vxlan(VxlanSpec vxlan) {
        return new NodeConfig.Vxlan(
                Objects.requireNonNullElse(vxlan.vni(), DEFAULT_VNI),
                Objects.requireNonNullElse(vxlan.port(), DEFAULT_VXLAN_PORT),
                Boolean.TRUE.equals(vxlan.directWithinSubnet()));
    }

    private static NodeConfig.Masquerade masquerade(MasqueradeSpec masquerade) {
        return new NodeConfig.Masquerade(
                !Boolean.FALSE.equals(masquerade.enabled()),
                masquerade.except().stream().map(Cidr::parse).toList());
    }
}
