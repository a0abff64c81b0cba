package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Service in front of the ingress proxies. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "!has(self.externalTrafficPolicy) || !has(self.type) || self.type != 'ClusterIP'",
        message = "ingress.service.externalTrafficPolicy is for traffic from outside: leave it out with type ClusterIP")
public record IngressServiceSpec(
        @JsonPropertyDescription(
                "LoadBalancer (default): reached at the address that the cluster's load balancer hands out, and at node"
                        + " ports. NodePort: reached at a port of every node. ClusterIP: reached from within the cluster, or"
                        + " by something else that you put in front.")
        @Nullable
        IngressServiceType type,

        @JsonPropertyDescription("Annotations of the Service, for load balancers that read them. At most 64.")
        @Size(max = 64)
        @ValidationRule(
                value = "self.all(k, !k.startsWith('weft.dev/'))",
                message = "annotations that begin with weft.dev/ are set by the operator: leave them out of"
                        + " ingress.service.annotations")
        Map<String, String> annotations,

        @JsonPropertyDescription(
                "Cluster (default): every node passes connections on to any proxy, which sees the node's address. Local:"
                        + " only nodes with a proxy take connections, and proxies see the client's own address, as limits and"
                        + " lists of allowed sources need it.")
        @Nullable
        ExternalTrafficPolicy externalTrafficPolicy) {

    /** Nothing said. */
    public static final IngressServiceSpec EMPTY = new IngressServiceSpec(null, Map.of(), null);

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public IngressServiceSpec {
        annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    }
}
