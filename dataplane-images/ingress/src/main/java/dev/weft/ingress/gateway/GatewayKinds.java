package dev.weft.ingress.gateway;

import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.gateway.api.BackendTlsPolicy;
import dev.weft.ingress.gateway.api.Gateway;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.GatewayClass;
import dev.weft.ingress.gateway.api.HttpRoute;
import dev.weft.ingress.gateway.api.ListenerSet;
import dev.weft.ingress.gateway.api.ReferenceGrant;
import dev.weft.ingress.gateway.api.StreamRoute;
import dev.weft.kube.KindSpec;
import java.util.List;

/**
 * The kinds that are compiled here. Objects of an older version are kept under the same kind: nobody but who watches them
 * has to know of versions.
 */
public final class GatewayKinds {
    public static final Kind<GatewayClass> GATEWAY_CLASSES =
            new Kind<>(GatewayApi.GATEWAY_CLASS.newest(), GatewayClass.class, false);
    public static final Kind<Gateway> GATEWAYS = new Kind<>(GatewayApi.GATEWAY.newest(), Gateway.class, true);
    public static final Kind<ListenerSet> LISTENER_SETS =
            new Kind<>(GatewayApi.LISTENER_SET.newest(), ListenerSet.class, true);
    public static final Kind<HttpRoute> HTTP_ROUTES = new Kind<>(GatewayApi.HTTP_ROUTE.newest(), HttpRoute.class, true);
    public static final Kind<HttpRoute> GRPC_ROUTES = new Kind<>(GatewayApi.GRPC_ROUTE.newest(), HttpRoute.class, true);
    public static final Kind<StreamRoute> TLS_ROUTES =
            new Kind<>(GatewayApi.TLS_ROUTE.newest(), StreamRoute.class, true);
    public static final Kind<StreamRoute> TCP_ROUTES =
            new Kind<>(GatewayApi.TCP_ROUTE.newest(), StreamRoute.class, true);
    public static final Kind<StreamRoute> UDP_ROUTES =
            new Kind<>(GatewayApi.UDP_ROUTE.newest(), StreamRoute.class, true);
    public static final Kind<ReferenceGrant> REFERENCE_GRANTS =
            new Kind<>(GatewayApi.REFERENCE_GRANT.newest(), ReferenceGrant.class, true);
    public static final Kind<BackendTlsPolicy> BACKEND_TLS_POLICIES =
            new Kind<>(GatewayApi.BACKEND_TLS_POLICY.newest(), BackendTlsPolicy.class, true);

    /** Services made for Gateways, of every namespace. */
    public static final Kind<GatewayService> GATEWAY_SERVICES = new Kind<>(
            new KindSpec<>("GatewayService", "/api/v1/services", GatewayService.LABEL, "", GatewayServiceDraft::new),
            GatewayService.class,
            true);

    public static final Kind<Crd> CRDS = new Kind<>(
            new KindSpec<>(
                    "CustomResourceDefinition",
                    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                    "",
                    "",
                    Crd.Draft::new),
            Crd.class,
            false);

    /** What is watched whether Gateway API is there or not; CRDs say whether. */
    public static final List<Kind<?>> ALWAYS = List.of(CRDS, GATEWAY_SERVICES, Kinds.NAMESPACES);

    /** All that is of Gateway API. */
    public static final List<Kind<?>> ALL = List.of(
            GATEWAY_CLASSES,
            GATEWAYS,
            LISTENER_SETS,
            HTTP_ROUTES,
            GRPC_ROUTES,
            TLS_ROUTES,
            TCP_ROUTES,
            UDP_ROUTES,
            REFERENCE_GRANTS,
            BACKEND_TLS_POLICIES);

    private GatewayKinds() {}
}
