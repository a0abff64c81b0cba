package dev.weft.ingress.gateway.api;

import dev.weft.kube.Decoder;
import dev.weft.kube.KindSpec;
import dev.weft.kube.ObjectKey;
import java.util.List;

/** The kinds of the group {@value #GROUP}. */
public final class GatewayApi {
    public static final String GROUP = "gateway.networking.k8s.io";

    private GatewayApi() {}

    /**
     * A kind and the versions of it that are understood; the first that a cluster serves is watched.
     *
     * @param plural as in paths
     * @param versions the newest first
     * @param <T> its values
     */
    public record Resource<T>(String name, String plural, List<String> versions, Decoder<T> decoder) {
        public Resource {
            versions = List.copyOf(versions);
        }

        /** All objects of the kind in a version. */
        public KindSpec<T> in(String version) {
            return new KindSpec<>(name, "/apis/" + GROUP + "/" + version + "/" + plural, "", "", decoder);
        }

        /** All objects of the kind in the newest version. */
        public KindSpec<T> newest() {
            return in(versions.getFirst());
        }

        /** Where the status of an object is written. */
        public String statusPath(String version, ObjectKey key) {
            String namespace = key.namespace().isEmpty() ? "" : "/namespaces/" + key.namespace();
            return "/apis/" + GROUP + "/" + version + namespace + "/" + plural + "/" + key.name() + "/status";
        }
    }

    public static final Resource<GatewayClass> GATEWAY_CLASS =
            new Resource<>("GatewayClass", "gatewayclasses", List.of("v1", "v1beta1"), GatewayClass.DECODER);
    public static final Resource<Gateway> GATEWAY =
            new Resource<>("Gateway", "gateways", List.of("v1", "v1beta1"), Gateway.DECODER);
    public static final Resource<ListenerSet> LISTENER_SET =
            new Resource<>("ListenerSet", "listenersets", List.of("v1"), ListenerSet.DECODER);
    public static final Resource<HttpRoute> HTTP_ROUTE =
            new Resource<>("HTTPRoute", "httproutes", List.of("v1", "v1beta1"), HttpRouteJson.DECODER);
    public static final Resource<HttpRoute> GRPC_ROUTE =
            new Resource<>("GRPCRoute", "grpcroutes", List.of("v1"), GrpcRouteJson.DECODER);
    public static final Resource<StreamRoute> TLS_ROUTE = new Resource<>(
            "TLSRoute", "tlsroutes", List.of("v1", "v1alpha3", "v1alpha2"), StreamRoute.decoder("TLSRoute"));
    public static final Resource<StreamRoute> TCP_ROUTE =
            new Resource<>("TCPRoute", "tcproutes", List.of("v1", "v1alpha2"), StreamRoute.decoder("TCPRoute"));
    public static final Resource<StreamRoute> UDP_ROUTE =
            new Resource<>("UDPRoute", "udproutes", List.of("v1", "v1alpha2"), StreamRoute.decoder("UDPRoute"));
    public static final Resource<ReferenceGrant> REFERENCE_GRANT =
            new Resource<>("ReferenceGrant", "referencegrants", List.of("v1", "v1beta1"), ReferenceGrant.DECODER);
    public static final Resource<BackendTlsPolicy> BACKEND_TLS_POLICY = new Resource<>(
            "BackendTLSPolicy", "backendtlspolicies", List.of("v1", "v1alpha3"), BackendTlsPolicy.DECODER);

    /** All of them. */
    public static final List<Resource<?>> RESOURCES = List.of(
            GATEWAY_CLASS,
            GATEWAY,
            LISTENER_SET,
            HTTP_ROUTE,
            GRPC_ROUTE,
            TLS_ROUTE,
            TCP_ROUTE,
            UDP_ROUTE,
            REFERENCE_GRANT,
            BACKEND_TLS_POLICY);
}
