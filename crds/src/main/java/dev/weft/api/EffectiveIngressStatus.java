package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How ingress is served, in the words of {@link IngressSpec}. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EffectiveIngressStatus(
        @JsonPropertyDescription("Managed: by Weft. Unmanaged: left as it was. Removed: not by Weft.") @Nullable
        ManagementState managementState,

        @JsonPropertyDescription("Name of Weft's IngressClass and GatewayClass.") @Nullable
        String className,

        @JsonProperty("default") @JsonPropertyDescription("Whether Ingresses without a class are Weft's.") @Nullable
        Boolean defaultClass,

        @JsonPropertyDescription("IngressClasses of other controllers that are served as well.")
        List<String> classes,

        @JsonPropertyDescription(
                "Deployment: proxies behind a Service. HostNetwork: one on each chosen node, at its own addresses.")
        @Nullable
        IngressPlacement placement,

        @JsonPropertyDescription("How many proxies there are; nothing with placement HostNetwork.") @Nullable
        Integer replicas,

        @JsonPropertyDescription("Type of the Service; nothing with placement HostNetwork.") @Nullable
        IngressServiceType serviceType,

        @JsonPropertyDescription("Whether Gateways are served; Disabled also where the cluster lacks the CRDs.")
        @Nullable
        GatewayApi gatewayAPI,

        @JsonPropertyDescription("Seconds that connections go on after a proxy was told to stop.") @Nullable
        Integer drainSeconds,

        @JsonPropertyDescription(
                "Where clients find the proxies: addresses of the load balancer or of the Service, or of nodes; with the"
                        + " node port where there is nothing else. At most 16.")
        List<String> addresses) {

    /** Nothing known. */
    public static final EffectiveIngressStatus EMPTY =
            new EffectiveIngressStatus(null, null, null, List.of(), null, null, null, null, null, List.of());

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public EffectiveIngressStatus {
        classes = classes == null ? List.of() : List.copyOf(classes);
        addresses = addresses == null ? List.of() : List.copyOf(addresses);
    }
}
