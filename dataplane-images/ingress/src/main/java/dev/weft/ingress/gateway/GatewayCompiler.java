package dev.weft.ingress.gateway;

import dev.weft.config.IngressConfig;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.compile.Compiler;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.compile.Status;
import dev.weft.ingress.gateway.api.Gateway;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.GatewayClass;
import dev.weft.ingress.gateway.api.HttpRoute;
import dev.weft.ingress.gateway.api.ListenerSet;
import dev.weft.ingress.gateway.api.Meta;
import dev.weft.ingress.gateway.api.Route;
import dev.weft.ingress.gateway.api.StreamRoute;
import dev.weft.ingress.route.Port;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compiles Gateways of classes of the controller {@value IngressConfig#CONTROLLER}, with all that belongs to them. A Gateway
 * is served at ports of the proxy that its Service says, so nothing is until there is one; see {@link ServicePlan}.
 */
public final class GatewayCompiler implements Compiler {
    private final String namespace;
    private final Pem pem = new Pem();

    /** @param namespace of the proxies, where the Services of Gateways are */
    public GatewayCompiler(String namespace) {
        this.namespace = namespace;
    }

    @Override
    public Part compile(Cluster cluster) {
        List<Status> statuses = new ArrayList<>();
        Grants grants = new Grants(cluster.all(GatewayKinds.REFERENCE_GRANTS).values());
        Trust trust = new Trust(cluster, grants, pem);
        Binding binding = new Binding(cluster, trust);
        Map<String, ServiceSettings.Read> classes = classes(cluster, trust, statuses);
        Map<ObjectKey, BoundGateway> gateways = gateways(cluster, trust, binding, classes);
        TlsPolicies policies =
                new TlsPolicies(cluster.all(GatewayKinds.BACKEND_TLS_POLICIES).values(), trust);
        Backends backends = new Backends(cluster, grants, policies);
        Attachment attachment = new Attachment(gateways, binding, backends);

        attachHttp(attachment, cluster, statuses);
        attachStreams(GatewayApi.TLS_ROUTE, GatewayKinds.TLS_ROUTES, attachment, cluster, statuses);
        attachStreams(GatewayApi.TCP_ROUTE, GatewayKinds.TCP_ROUTES, attachment, cluster, statuses);
        attachStreams(GatewayApi.UDP_ROUTE, GatewayKinds.UDP_ROUTES, attachment, cluster, statuses);
        statuses.addAll(policies.statuses());

        Map<Integer, Port> ports = new HashMap<>();
        for (BoundGateway gateway : gateways.values()) {
            Optional<GatewayService> service =
                    cluster.get(GatewayKinds.GATEWAY_SERVICES, ServicePlan.key(gateway.key(), namespace));
            statuses.addAll(GatewayStatuses.of(gateway, service, namespace));
            if (gateway.isAccepted() && service.isPresent()) {
                GatewayPorts.of(gateway, service.get()).forEach(ports::putIfAbsent);
            }
        }
        pem.turn();
        return new Part(ports, backends.plans(), trust.references(), List.of(), statuses);
    }

    /** Those of ours that are accepted, by name. */
    private static Map<String, ServiceSettings.Read> classes(Cluster cluster, Trust trust, List<Status> statuses) {
        Map<String, ServiceSettings.Read> classes = new HashMap<>();
        for (GatewayClass each : cluster.all(GatewayKinds.GATEWAY_CLASSES).values()) {
            if (each.controller().equals(IngressConfig.CONTROLLER)) {
                ServiceSettings.Read settings = ServiceSettings.of(each, trust);
                statuses.add(GatewayStatuses.of(each, settings));
                if (settings.problem().isEmpty()) {
                    classes.put(each.meta().name(), settings);
                }
            }
        }
        return classes;
    }

    private static Map<ObjectKey, BoundGateway> gateways(
            Cluster cluster, Trust trust, Binding binding, Map<String, ServiceSettings.Read> classes) {
        Map<ObjectKey, List<ListenerSet>> joining = new HashMap<>();
        for (ListenerSet set : cluster.all(GatewayKinds.LISTENER_SETS).values()) {
            if (set.parent().is(GatewayApi.GROUP, "Gateway")) {
                joining.computeIfAbsent(set.parent().from(set.meta().namespace()), key -> new ArrayList<>())
                        .add(set);
            }
        }
        Map<ObjectKey, BoundGateway> gateways = new TreeMap<>();
        cluster.all(GatewayKinds.GATEWAYS).forEach((key, gateway) -> {
            ServiceSettings.Read ofClass = classes.get(gateway.className());
            if (ofClass != null) {
                gateways.put(key, bind(gateway, ofClass, joining.getOrDefault(key, List.of()), trust, binding));
            }
        });
        return gateways;
    }

    private static BoundGateway bind(
            Gateway gateway, ServiceSettings.Read ofClass, List<ListenerSet> joining, Trust trust, Binding binding) {
        return binding.bind(gateway, ServiceSettings.of(ofClass, gateway, trust), joining);
    }

    private static void attachHttp(Attachment attachment, Cluster cluster, List<Status> statuses) {
        sorted(Stream.concat(
                        cluster.all(GatewayKinds.HTTP_ROUTES).values().stream(),
                        cluster.all(GatewayKinds.GRPC_ROUTES).values().stream()))
                .forEach(route -> statuses.add(attachment.attach(resource(route), route)));
    }

    private static GatewayApi.Resource<HttpRoute> resource(HttpRoute route) {
        return route.isGrpc() ? GatewayApi.GRPC_ROUTE : GatewayApi.HTTP_ROUTE;
    }

    private static void attachStreams(
            GatewayApi.Resource<StreamRoute> resource,
            Kind<StreamRoute> kind,
            Attachment attachment,
            Cluster cluster,
            List<Status> statuses) {
        sorted(cluster.all(kind).values().stream()).forEach(route -> statuses.add(attachment.attach(resource, route)));
    }

    private static <R extends Route> Stream<R> sorted(Stream<R> routes) {
        return routes.sorted(Comparator.comparing(Route::meta, Meta.OLDEST_FIRST));
    }
}
