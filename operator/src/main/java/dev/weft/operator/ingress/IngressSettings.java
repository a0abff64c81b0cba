package dev.weft.operator.ingress;

import dev.weft.api.EffectiveIngressStatus;
import dev.weft.api.ExternalTrafficPolicy;
import dev.weft.api.GatewayApi;
import dev.weft.api.IngressLimitsSpec;
import dev.weft.api.IngressPlacement;
import dev.weft.api.IngressServiceSpec;
import dev.weft.api.IngressServiceType;
import dev.weft.api.IngressSpec;
import dev.weft.api.ManagementState;
import dev.weft.api.SecretReference;
import dev.weft.config.IngressConfig;
import dev.weft.config.IngressConfigJson;
import dev.weft.net.Cidr;
import dev.weft.operator.observe.ClusterIngress;
import dev.weft.operator.observe.ClusterIngress.ForeignClass;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.revision.Names;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.ingress} with every default resolved.
 *
 * @param className of the IngressClass and of the GatewayClass
 * @param defaultClass whether Ingresses without a class get it
 * @param replicas of placement Deployment
 * @param service in front of the proxies, with placement Deployment
 * @param domain of the cluster's DNS
 */
record IngressSettings(
        String className,
        boolean defaultClass,
        List<String> classes,
        IngressPlacement placement,
        int replicas,
        IngressServiceSpec service,
        IngressServiceType serviceType,
        int httpPort,
        int httpsPort,
        Optional<String> defaultCertificate,
        GatewayApi gatewayApi,
        boolean proxyProtocol,
        List<Cidr> trustedProxies,
        boolean accessLog,
        IngressConfig.Limits limits,
        int drainSeconds,
        String domain) {
    static final String DEFAULT_CLASS = "weft";
    private static final String DEFAULT_DOMAIN = "cluster.local";
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int DRAIN_SECONDS = 60;

    /** Below it a port of the host needs CAP_NET_BIND_SERVICE: net.ipv4.ip_unprivileged_port_start, unless changed. */
    private static final int FIRST_UNPRIVILEGED = 1024;

    /**
     * @param nodes those that proxies may run on
     * @param domain of the cluster's DNS, if it is known
     */
    static IngressSettings resolve(
            IngressSpec spec, ClusterIngress cluster, List<NodeInfo> nodes, @Nullable String domain) {
        IngressServiceSpec service = Objects.requireNonNullElse(spec.service(), IngressServiceSpec.EMPTY);
        return new IngressSettings(
                Objects.requireNonNullElse(spec.className(), DEFAULT_CLASS),
                Objects.requireNonNullElseGet(
                        spec.defaultClass(), () -> cluster.classes().stream().noneMatch(ForeignClass::isDefault)),
                spec.classes(),
                Objects.requireNonNullElse(spec.placement().type(), IngressPlacement.DEPLOYMENT),
                Objects.requireNonNullElse(spec.placement().replicas(), nodes.size() > 1 ? 2 : 1),
                service,
                Objects.requireNonNullElse(service.type(), IngressServiceType.LOAD_BALANCER),
                Objects.requireNonNullElse(spec.ports().http(), HTTP_PORT),
                Objects.requireNonNullElse(spec.ports().https(), HTTPS_PORT),
                Optional.ofNullable(spec.defaultCertificate()).map(SecretReference::toString),
                Objects.requireNonNullElse(spec.gatewayAPI(), GatewayApi.ENABLED),
                Objects.requireNonNullElse(spec.proxyProtocol(), false),
                spec.trustedProxies().stream().map(Cidr::parse).toList(),
                Objects.requireNonNullElse(spec.accessLog(), false),
                limits(spec.limits()),
                Objects.requireNonNullElse(spec.drainSeconds(), DRAIN_SECONDS),
                Objects.requireNonNullElse(domain, DEFAULT_DOMAIN));
    }

    private static IngressConfig.Limits limits(IngressLimitsSpec spec) {
        IngressConfig.Limits defaults = IngressConfig.Limits.DEFAULT;
        return new IngressConfig.Limits(
                Objects.requireNonNullElse(spec.headerBytes(), defaults.headerBytes()),
                Objects.requireNonNullElse(spec.headerSeconds(), defaults.headerSeconds()),
                Objects.requireNonNullElse(spec.idleSeconds(), defaults.idleSeconds()),
                Objects.requireNonNullElse(spec.streams(), defaults.streams()),
                Objects.requireNonNullElse(spec.connections(), defaults.connections()));
    }

    boolean onNodes() {
        return placement == IngressPlacement.HOST_NETWORK;
    }

    /** Whether one of the ports needs a capability on a host. */
    boolean lowPorts() {
        return Math.min(httpPort, httpsPort) < FIRST_UNPRIVILEGED;
    }

    /** {@code externalTrafficPolicy} of the Service, where it has one. */
    Optional<String> externalTrafficPolicy() {
        return serviceType == IngressServiceType.CLUSTER_IP
                ? Optional.empty()
                : Optional.of(Objects.requireNonNullElse(
                                service.externalTrafficPolicy(), ExternalTrafficPolicy.CLUSTER))
                        .map(ExternalTrafficPolicy::value);
    }

    /** What the proxies are told, as a ConfigMap's data. */
    Map<String, String> data(List<URI> apiServers) {
        return Map.of(
                IngressObjects.CONFIG_KEY,
                IngressConfigJson.write(new IngressConfig(
                        apiServers,
                        Names.NAMESPACE,
                        classes,
                        gatewayApi == GatewayApi.ENABLED,
                        httpPort,
                        httpsPort,
                        defaultCertificate,
                        onNodes() ? Optional.empty() : Optional.of(Names.NAMESPACE + "/" + Names.INGRESS),
                        proxyProtocol,
                        trustedProxies,
                        accessLog,
                        limits,
                        drainSeconds)));
    }

    /** @param addresses where clients find the proxies */
    EffectiveIngressStatus effective(ManagementState state, ClusterIngress cluster, List<String> addresses) {
        return new EffectiveIngressStatus(
                state,
                className,
                defaultClass,
                classes,
                placement,
                onNodes() ? null : replicas,
                onNodes() ? null : serviceType,
                gatewayApi == GatewayApi.ENABLED && cluster.gatewayApi() ? GatewayApi.ENABLED : GatewayApi.DISABLED,
                drainSeconds,
                addresses);
    }
}
