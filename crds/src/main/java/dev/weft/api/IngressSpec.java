package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ingress proxies: HTTP, TLS, TCP and UDP from outside the cluster. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value =
                "!has(self.proxyProtocol) || !self.proxyProtocol || (has(self.trustedProxies) && size(self.trustedProxies)"
                        + " > 0)",
        message =
                "ingress.proxyProtocol needs ingress.trustedProxies: the addresses of the load balancers that send the"
                        + " header, for example [192.0.2.0/24]; whoever else could send one would choose its own address")
@ValidationRule(
        value = "!has(self.service) || !has(self.placement) || !has(self.placement.type) || self.placement.type !="
                + " 'HostNetwork'",
        message =
                "ingress.service is for placement Deployment: with HostNetwork clients come to the nodes' own addresses;"
                        + " leave one of the two out")
@ValidationRule(
        value = "!has(self.classes) || self.classes.all(c, c != (has(self.className) ? self.className : 'weft'))",
        message = "ingress.classes are those of other controllers, for example [nginx]; ingress.className is served"
                + " anyway: leave it out of classes")
public record IngressSpec(
        @JsonPropertyDescription(
                "Managed (default where spec.ingress is there at all): Weft installs ingress proxies and keeps them as"
                        + " described. Unmanaged: the operator leaves everything as it last was. Removed: as without"
                        + " spec.ingress, there are none.")
        @Nullable
        ManagementState managementState,

        @JsonPropertyDescription(
                "Name of Weft's IngressClass and GatewayClass, which the operator makes. Default: weft. An Ingress asks"
                        + " for it with ingressClassName.")
        @Size(min = 1, max = 63)
        @ValidationRule(
                value = "self.matches('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$')",
                message = "ingress.className must be lower-case letters, digits and hyphens, for example weft")
        @Nullable
        String className,

        @JsonProperty("default")
        @JsonPropertyDescription(
                "Whether Ingresses without a class are Weft's: marks the IngressClass as the cluster's default. Default:"
                        + " true, unless another class already is.")
        @Nullable
        Boolean defaultClass,

        @JsonPropertyDescription(
                "IngressClasses of other controllers whose Ingresses Weft serves as well, for example [nginx] to take over"
                        + " from ingress-nginx: both serve them side by side until clients have moved. At most 16.")
        @Size(max = 16)
        @ValidationRule(
                value = "self.all(c, c.matches('^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$'))",
                message = "each of ingress.classes must be the name of an IngressClass, for example nginx")
        List<@Size(max = 253) String> classes,

        @JsonPropertyDescription("How many proxies there are, and where.")
        IngressPlacementSpec placement,

        @JsonPropertyDescription("The Service in front of the proxies, with placement Deployment.") @Nullable
        IngressServiceSpec service,

        @JsonPropertyDescription("Where Ingresses are served.")
        IngressPortsSpec ports,

        @JsonPropertyDescription(
                "Secret of type kubernetes.io/tls whose certificate is shown where no other fits the name that the client"
                        + " asks for. Default: one that the proxy makes itself and nobody trusts.")
        @Nullable
        SecretReference defaultCertificate,

        @JsonPropertyDescription(
                "Whether Gateways and routes of the Gateway API are served too. Enabled (default): where the cluster has"
                        + " their CRDs; there is a GatewayClass then. Disabled: only Ingresses are.")
        @Nullable
        GatewayApi gatewayAPI,

        @JsonPropertyDescription(
                "Whether every connection begins with a PROXY protocol header, version 1 or 2, as load balancers send it to"
                        + " tell the client's address. Connections without one, or from elsewhere than trustedProxies, are"
                        + " closed. Default: false.")
        @Nullable
        Boolean proxyProtocol,

        @JsonPropertyDescription(
                "Prefixes of load balancers whose X-Forwarded-For, X-Forwarded-Proto, Forwarded and PROXY headers are"
                        + " believed, for example 192.0.2.0/24. Default: none. At most 64.")
        @Size(max = 64)
        @ValidationRule(
                value = "self.all(c, isCIDR(c) && cidr(c) == cidr(c).masked())",
                message =
                        "each of ingress.trustedProxies must be a prefix without host bits, for example 192.0.2.0/24 or"
                                + " 192.0.2.7/32")
        List<@Size(max = 43) String> trustedProxies,

        @JsonPropertyDescription(
                "Whether each request is logged, one JSON object a line, to standard output. Default: false.")
        @Nullable
        Boolean accessLog,

        @JsonPropertyDescription("What clients may use up.") IngressLimitsSpec limits,

        @JsonPropertyDescription(
                "Seconds that requests and connections, such as WebSockets, go on after a proxy was told to stop, 0 to 3600."
                        + " New ones go to the others meanwhile. Default: 60.")
        @ValidationRule(
                value = "self >= 0 && self <= 3600",
                message = "ingress.drainSeconds must be between 0 and 3600")
        @Nullable
        Integer drainSeconds,

        @JsonPropertyDescription("Requests and limits of the proxies' container, merged over the defaults.")
        ResourcesSpec resources,

        @JsonPropertyDescription("PriorityClass of the proxies' pods. Default: system-cluster-critical.")
        @Size(min = 1, max = 253)
        @Nullable
        String priorityClassName,

        @JsonPropertyDescription("Environment of the proxies, for example JAVA_TOOL_OPTIONS. At most 64.")
        @Size(max = 64)
        List<EnvVarSpec> env) {

    /** Asked for, and nothing else said. */
    public static final IngressSpec EMPTY = new IngressSpec(
            null,
            null,
            null,
            List.of(),
            IngressPlacementSpec.EMPTY,
            null,
            IngressPortsSpec.EMPTY,
            null,
            null,
            null,
            List.of(),
            null,
            IngressLimitsSpec.EMPTY,
            null,
            ResourcesSpec.EMPTY,
            null,
            List.of());

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public IngressSpec {
        classes = classes == null ? List.of() : List.copyOf(classes);
        placement = placement == null ? IngressPlacementSpec.EMPTY : placement;
        ports = ports == null ? IngressPortsSpec.EMPTY : ports;
        trustedProxies = trustedProxies == null ? List.of() : List.copyOf(trustedProxies);
        limits = limits == null ? IngressLimitsSpec.EMPTY : limits;
        resources = resources == null ? ResourcesSpec.EMPTY : resources;
        env = env == null ? List.of() : List.copyOf(env);
    }
}
