package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in force, defaults resolved.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EffectiveStatus(
        @JsonPropertyDescription("Prefixes of the whole pod network.")
        List<String> podCIDRs,

        @JsonPropertyDescription("Prefixes of the cluster's Services.")
        List<String> serviceCIDRs,

        @JsonPropertyDescription("API servers as agents reach them, without Services or DNS.")
        List<String> apiServers,

        @JsonPropertyDescription("How pods of different nodes reach each other.")
        Routing routing,

        @JsonPropertyDescription("Parameters of the VXLAN.") VxlanSpec vxlan,

        @JsonPropertyDescription(
                "MTU of pod links in bytes. Where nodes work it out, the smallest that one has; 0 until one has told.")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        int mtu,

        @JsonPropertyDescription("Source address of pod traffic that leaves the pod network.")
        MasqueradeSpec masquerade,

        @JsonPropertyDescription(
                "Who serves Services. Managed: Weft. Unmanaged: left as it was, or to kube-proxy. Removed: not Weft.")
        ServiceProxySpec serviceProxy,

        @JsonPropertyDescription(
                "Who enforces NetworkPolicies. Managed: Weft. Unmanaged: left as it was. Removed: not Weft.")
        NetworkPolicySpec networkPolicy,

        @JsonPropertyDescription(
                "How DNS is served, with what was taken over from a Corefile. Managed: by Weft. Unmanaged: left as it"
                        + " was, or to another server; the rest is then what Weft would do. Removed: not by Weft.")
        EffectiveDnsStatus dns,

        @JsonPropertyDescription("How ingress is served; nothing where it is not asked for.") @Nullable
        EffectiveIngressStatus ingress,

        @JsonPropertyDescription("Image of the node pods.") String nodeImage,

        @JsonPropertyDescription(
                "Components of other makers that do the same work or stand beside it, for example kube-proxy.")
        List<String> foreignComponents,

        @JsonPropertyDescription("Where discovered values came from, by the name of the field here.")
        List<ValueSource> sources) {

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public EffectiveStatus {
        podCIDRs = podCIDRs == null ? List.of() : List.copyOf(podCIDRs);
        serviceCIDRs = serviceCIDRs == null ? List.of() : List.copyOf(serviceCIDRs);
        apiServers = apiServers == null ? List.of() : List.copyOf(apiServers);
        serviceProxy = serviceProxy == null ? ServiceProxySpec.EMPTY : serviceProxy;
        networkPolicy = networkPolicy == null ? NetworkPolicySpec.EMPTY : networkPolicy;
        dns = dns == null ? EffectiveDnsStatus.EMPTY : dns;
        foreignComponents = foreignComponents == null ? List.of() : List.copyOf(foreignComponents);
        sources = sources == null ? List.of() : List.copyOf(sources);
    }

    /** Where a value came from. */
    public record ValueSource(
            @JsonPropertyDescription("Name of the field of status.effective, for example podCIDRs.")
            String field,

            @JsonPropertyDescription("Where its value came from, for example podCIDRs of 3 nodes.")
            String from) {}
}
