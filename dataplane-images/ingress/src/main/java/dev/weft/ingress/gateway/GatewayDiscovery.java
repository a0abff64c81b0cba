package dev.weft.ingress.gateway;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.kube.KindSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which kinds of Gateway API a cluster serves, and in which version: what has no CRD is not asked for. */
public final class GatewayDiscovery {
    private GatewayDiscovery() {}

    /** How objects of a kind are watched: in a version that is not the newest, perhaps. */
    public record Watch<T>(Kind<T> kind, KindSpec<T> spec) {}

    /** By plural; of several versions that are served the newest that is understood. */
    public static Map<String, String> versions(Cluster cluster) {
        Map<String, String> versions = new HashMap<>();
        for (Crd crd : cluster.all(GatewayKinds.CRDS).values()) {
            if (!crd.group().equals(GatewayApi.GROUP)) {
                continue;
            }
            for (GatewayApi.Resource<?> resource : GatewayApi.RESOURCES) {
                if (resource.plural().equals(crd.plural())) {
                    resource.versions().stream()
                            .filter(crd.versions()::contains)
                            .findFirst()
                            .ifPresent(version -> versions.put(crd.plural(), version));
                }
            }
        }
        return versions;
    }

    /** What is to be watched besides {@link GatewayKinds#ALWAYS}. */
    public static List<Watch<?>> watches(Cluster cluster) {
        Map<String, String> versions = versions(cluster);
        List<Watch<?>> watches = new ArrayList<>();
        add(watches, versions, GatewayApi.GATEWAY_CLASS, GatewayKinds.GATEWAY_CLASSES);
        add(watches, versions, GatewayApi.GATEWAY, GatewayKinds.GATEWAYS);
        add(watches, versions, GatewayApi.LISTENER_SET, GatewayKinds.LISTENER_SETS);
        add(watches, versions, GatewayApi.HTTP_ROUTE, GatewayKinds.HTTP_ROUTES);
        add(watches, versions, GatewayApi.GRPC_ROUTE, GatewayKinds.GRPC_ROUTES);
        add(watches, versions, GatewayApi.TLS_ROUTE, GatewayKinds.TLS_ROUTES);
        add(watches, versions, GatewayApi.TCP_ROUTE, GatewayKinds.TCP_ROUTES);
        add(watches, versions, GatewayApi.UDP_ROUTE, GatewayKinds.UDP_ROUTES);
        add(watches, versions, GatewayApi.REFERENCE_GRANT, GatewayKinds.REFERENCE_GRANTS);
        add(watches, versions, GatewayApi.BACKEND_TLS_POLICY, GatewayKinds.BACKEND_TLS_POLICIES);
        return watches;
    }

    private static <T> void add(
            List<Watch<?>> watches, Map<String, String> versions, GatewayApi.Resource<T> resource, Kind<T> kind) {
        String version = versions.get(resource.plural());
        if (version != null) {
            watches.add(new Watch<>(kind, resource.in(version)));
        }
    }
}
