package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many ingress proxies there are, and where. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "!has(self.replicas) || !has(self.type) || self.type != 'HostNetwork'",
        message = "ingress.placement.replicas is for type Deployment: with HostNetwork each node that nodeSelector"
                + " chooses runs one proxy; leave replicas out, or choose fewer nodes")
public record IngressPlacementSpec(
        @JsonPropertyDescription(
                "Deployment (default): a few proxies in the pod network, behind a Service. HostNetwork: one proxy on each"
                        + " node that nodeSelector chooses, at the node's own addresses and ports; for clusters whose load"
                        + " balancer, or DNS, leads to nodes.")
        @Nullable
        IngressPlacement type,

        @JsonPropertyDescription(
                "How many proxies there are with type Deployment, 1 to 100. Default: 2 in a cluster of several nodes, 1"
                        + " in a cluster of one.")
        @ValidationRule(
                value = "self >= 1 && self <= 100",
                message =
                        "ingress.placement.replicas must be between 1 and 100; for no ingress at all leave spec.ingress"
                                + " out or set ingress.managementState to Removed")
        @Nullable
        Integer replicas,

        @JsonPropertyDescription("Labels of the nodes that proxies may run on. Default: all Linux nodes.")
        @Size(max = 32)
        Map<String, String> nodeSelector,

        @JsonPropertyDescription("Taints that the proxies' pods tolerate. Default: none. At most 32.") @Size(max = 32)
        List<TolerationSpec> tolerations) {

    /** Nothing said. */
    public static final IngressPlacementSpec EMPTY = new IngressPlacementSpec(null, null, Map.of(), List.of());

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public IngressPlacementSpec {
        nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
    }
}
