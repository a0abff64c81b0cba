package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Services: cluster IPs, node ports, load balancer addresses. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ServiceProxySpec(
        @JsonPropertyDescription(
                "Who serves Services on the nodes. Managed: Weft; where kube-proxy runs, Weft takes over node by node,"
                        + " and kube-proxy leaves a node only when Weft's rules are in force there. Unmanaged: the operator"
                        + " leaves it as it last was. Removed: not Weft; a kube-proxy that Weft took over from comes back"
                        + " to each node before Weft's rules go. Default: Managed where no kube-proxy is found, else"
                        + " kube-proxy goes on, see status.effective.serviceProxy.")
        @Nullable
        ManagementState managementState,

        @JsonPropertyDescription(
                "Addresses of a node that node ports are open on: prefixes such as 192.0.2.0/24, or the word primary"
                        + " for the addresses of its Node object. Default: all addresses of the node but loopback. At most"
                        + " 64.")
        @Size(max = 64)
        @ValidationRule(
                value = "self.all(a, a == 'primary' || (isCIDR(a) && cidr(a) == cidr(a).masked()))",
                message = "each of serviceProxy.nodePortAddresses must be the word primary or a prefix without host"
                        + " bits, for example 192.0.2.0/24")
        List<@Size(max = 43) String> nodePortAddresses) {

    /** Nothing said. */
    public static final ServiceProxySpec EMPTY = new ServiceProxySpec(null, List.of());

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public ServiceProxySpec {
        nodePortAddresses = nodePortAddresses == null ? List.of() : List.copyOf(nodePortAddresses);
    }
}
