package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What the user wants. Everything is optional: what is not said is found in the cluster, see {@code effective}. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ClusterNetworkSpec(
        @JsonPropertyDescription(
                "Who looks after all components. Managed (default): the operator installs them and keeps them as"
                        + " described. Unmanaged: it leaves everything alone, for a manual repair. Removed: it takes"
                        + " everything off the nodes. A component's own managementState counts only while this one is"
                        + " Managed.")
        @Nullable
        ManagementState managementState,

        @JsonPropertyDescription(
                "Release to run, for example 0.1.0. Default: the operator's own. A change moves the nodes one after"
                        + " the other; each must prove by probes that it works before the next one moves.")
        @Size(max = 64)
        @ValidationRule(
                value = "self.matches('^[0-9]+[.][0-9]+[.][0-9]+(-[0-9A-Za-z.-]+)?$')",
                message = "version must be a semantic version without a leading v and without build metadata, for"
                        + " example 0.1.0 or 0.2.0-rc.1")
        @Nullable
        String version,

        @JsonPropertyDescription("Addresses of pods and how they reach each other.")
        PodNetworkSpec podNetwork,

        @JsonPropertyDescription("Services: cluster IPs, node ports, load balancer addresses.")
        ServiceProxySpec serviceProxy,

        @JsonPropertyDescription("Which traffic pods may have: NetworkPolicies.")
        NetworkPolicySpec networkPolicy,

        @JsonPropertyDescription("The cluster's DNS servers.")
        DnsSpec dns,

        @JsonPropertyDescription(
                "Ingress and Gateway API: HTTP, TLS, TCP and UDP from outside the cluster. Without it nothing of the kind is"
                        + " installed, and what Weft installed is removed; ingress: {} asks for it with all defaults.")
        @Nullable
        IngressSpec ingress,

        @JsonPropertyDescription("Where images come from.") ImagesSpec images,

        @JsonPropertyDescription("The pod that runs on each node.")
        NodeAgentSpec nodeAgent) {

    /** Nothing said: everything is discovered. */
    public static final ClusterNetworkSpec EMPTY = new ClusterNetworkSpec(
            null,
            null,
            PodNetworkSpec.EMPTY,
            ServiceProxySpec.EMPTY,
            NetworkPolicySpec.EMPTY,
            DnsSpec.EMPTY,
            null,
            ImagesSpec.EMPTY,
            NodeAgentSpec.EMPTY);

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public ClusterNetworkSpec {
        podNetwork = podNetwork == null ? PodNetworkSpec.EMPTY : podNetwork;
        serviceProxy = serviceProxy == null ? ServiceProxySpec.EMPTY : serviceProxy;
        networkPolicy = networkPolicy == null ? NetworkPolicySpec.EMPTY : networkPolicy;
        dns = dns == null ? DnsSpec.EMPTY : dns;
        images = images == null ? ImagesSpec.EMPTY : images;
        nodeAgent = nodeAgent == null ? NodeAgentSpec.EMPTY : nodeAgent;
    }
}
