package dev.weft.operator.plan;

import dev.weft.api.EffectiveStatus;
import dev.weft.api.MasqueradeSpec;
import dev.weft.api.Routing;
import dev.weft.api.VxlanSpec;
import dev.weft.config.NodeConfig;
import dev.weft.operator.dns.DnsChoice;
import dev.weft.operator.ingress.IngressChoice;
import java.util.List;
import java.util.stream.Stream;

/**
 * The spec with every default resolved.
 *
 * @param config what agents are told; its revision is filled in later
 * @param registry in front of the images' names
 * @param nodeImage full reference of the node image
 * @param serviceProxy who serves Services
 * @param networkPolicy who enforces NetworkPolicies
 * @param podCidrsFrom where the pod network's prefixes came from, for people
 * @param apiServersFrom where the API servers' addresses came from, for people
 */
public record Settings(
        NodeConfig config,
        String registry,
        String nodeImage,
        ServiceProxyChoice serviceProxy,
        NetworkPolicyChoice networkPolicy,
        String podCidrsFrom,
        String apiServersFrom) {

    /**
     * As users read it in {@code status.effective}.
     *
     * @param workedOutMtu what nodes made of an MTU that is not given, 0 while unknown
     */
    public EffectiveStatus effective(
            List<String> serviceCidrs,
            String serviceCidrsFrom,
            List<String> foreignComponents,
            int workedOutMtu,
            DnsChoice dns,
            IngressChoice ingress) {
        return new EffectiveStatus(
                strings(config.podCidrs()),
                serviceCidrs,
                strings(config.apiServers()),
                switch (config.routing()) {
                    case VXLAN -> Routing.VXLAN;
                    case DIRECT -> Routing.DIRECT;
                },
                new VxlanSpec(
                        config.vxlan().vni(),
                        config.vxlan().port(),
                        config.vxlan().directWithinSubnet()),
                config.mtu() == 0 ? workedOutMtu : config.mtu(),
                new MasqueradeSpec(
                        config.masquerade().enabled(),
                        strings(config.masquerade().except())),
                serviceProxy.effective(),
                networkPolicy.effective(),
                dns.effective(),
                ingress.effective().orElse(null),
                nodeImage,
                foreignComponents,
                Stream.concat(
                                Stream.of(
                                        new EffectiveStatus.ValueSource("podCIDRs", podCidrsFrom),
                                        new EffectiveStatus.ValueSource("serviceCIDRs", serviceCidrsFrom),
                                        new EffectiveStatus.ValueSource("apiServers", apiServersFrom),
                                        new EffectiveStatus.ValueSource("serviceProxy", serviceProxy.from()),
                                        new EffectiveStatus.ValueSource("networkPolicy", networkPolicy.from())),
                                dns.sources().stream().map(s -> new EffectiveStatus.ValueSource(s.field(), s.from())))
                        .toList());
    }

    private static List<String> strings(List<?> values) {
        return values.stream().map(Object::toString).toList();
    }
}
