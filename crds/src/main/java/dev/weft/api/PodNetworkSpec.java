package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pod network: CNI, addresses, routes, masquerade. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "!has(self.mtu) || self.mtu == 0 || self.mtu >= 1280 || !has(self.cidrs) ||"
                + " !self.cidrs.exists(c, isCIDR(c) && cidr(c).ip().family() == 6)",
        message = "podNetwork.mtu is too small: IPv6 needs 1280 or more (RFC 8200)")
public record PodNetworkSpec(
        @JsonPropertyDescription(
                "Who looks after the pod network: Managed (default), Unmanaged or Removed. Removed takes links,"
                        + " routes and CNI files off the nodes; pods then have no network.")
        @Nullable
        ManagementState managementState,

        @JsonPropertyDescription(
                "Prefixes of the whole pod network, at most one of IPv4 and one of IPv6, for example 10.244.0.0/16"
                        + " and fd00:244::/56. They must hold the podCIDRs of all nodes. Default: found in the cluster,"
                        + " see status.effective. Cannot change.")
        @Size(max = 2)
        @ValidationRule(
                value = "self.all(c, isCIDR(c) && cidr(c) == cidr(c).masked())",
                message = "each of podNetwork.cidrs must be a prefix without host bits, for example 10.244.0.0/16 or"
                        + " fd00:244::/56")
        @ValidationRule(
                value = "self.filter(c, isCIDR(c) && cidr(c).ip().family() == 4).size() <= 1 &&"
                        + " self.filter(c, isCIDR(c) && cidr(c).ip().family() == 6).size() <= 1",
                message = "podNetwork.cidrs takes at most one IPv4 and one IPv6 prefix: write one prefix that holds"
                        + " the podCIDRs of all nodes")
        List<@Size(max = 43) String> cidrs,

        @JsonPropertyDescription(
                "How pods of different nodes reach each other. VXLAN (default) works over any network between the"
                        + " nodes. Direct uses plain routes and needs all nodes in one L2 segment. Cannot change while it"
                        + " runs.")
        @SchemaFrom(type = String.class) // so that what is refused is refused by a sentence
        @Size(max = 16)
        @ValidationRule(
                value = "self in ['VXLAN', 'Direct']",
                message = "podNetwork.routing must be VXLAN, which works over any network between the nodes, or Direct,"
                        + " which needs all nodes in one L2 segment")
        @Nullable
        Routing routing,

        @JsonPropertyDescription("Parameters of the VXLAN; without effect when routing is Direct.")
        VxlanSpec vxlan,

        @JsonPropertyDescription(
                "MTU of pod links in bytes, 576 to 65535 (1280 or more with IPv6). 0 (default): the MTU of the node's"
                        + " uplink less the encapsulation, worked out on each node.")
        @ValidationRule(
                value = "self == 0 || (self >= 576 && self <= 65535)",
                message = "podNetwork.mtu must be 0, to have it worked out, or between 576 and 65535")
        @Nullable
        Integer mtu,

        @JsonPropertyDescription("Source address of pod traffic that leaves the pod network.")
        MasqueradeSpec masquerade) {

    /** Nothing said. */
    public static final PodNetworkSpec EMPTY =
            new PodNetworkSpec(null, List.of(), null, VxlanSpec.EMPTY, null, MasqueradeSpec.EMPTY);

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public PodNetworkSpec {
        cidrs = cidrs == null ? List.of() : List.copyOf(cidrs);
        vxlan = vxlan == null ? VxlanSpec.EMPTY : vxlan;
        masquerade = masquerade == null ? MasqueradeSpec.EMPTY : masquerade;
    }
}
