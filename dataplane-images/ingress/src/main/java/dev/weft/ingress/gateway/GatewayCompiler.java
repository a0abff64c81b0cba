package dev.weft.ingress.gateway;

import dev.weft.config.IngressConfig;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.compile.Compiler;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.compile.Status;
import dev.weft.ingress.gateway.api.Gateway;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.GatewayClass;
import dev.weft.ingress.gateway.api.ListenerSet;
import dev.weft.ingress.route.Port;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compiles Gateways of classes of the controller {@value IngressConfig#CONTROLLER}, with all that belongs to them. A Gateway
 * is served at ports of the proxy that its Service says, so nothing is until there is one; see {@link ServicePlan}.
 *
 * <p>Gateways are bound anew at each change, since they are few; what routes come to is kept, see {@link Routes}.
 */
public final class GatewayCompiler implements Compiler {
    private static final List<Kind<?>> KINDS = Stream.concat(
                    GatewayKinds.ALL.stream(),
                    Stream.of(
                            GatewayKinds.GATEWAY_SERVICES,
                            Kinds.SERVICES,
                            Kinds.NAMESPACES,
                            Kinds.SECRETS,
                            Kinds.CONFIG_MAPS))
            .toList();

    private final String namespace;
    private final Pem pem = new Pem();
    private final Routes routes = new Routes();
    private final Routers routers = new Routers();
    private Around around = Around.NOTHING;
    private Cluster before = Cluster.EMPTY;
    private Part part = Part.EMPTY;

    /** @param namespace of the proxies, where the Services of Gateways are */
    public GatewayCompiler(String namespace) {
        this.namespace = namespace;
    }

    @Override
    public Part compile(Cluster cluster) {
        if (!cluster.hasSame(KINDS, before)) {
            // If it fails half-way, nothing that was made so far is relied on.
            before = Cluster.EMPTY;
            Around last = around;
            around = Around.NOTHING;
            part = compile(cluster, last);
            before = cluster;
        }
        return part;
    }

    private Part compile(Cluster cluster, Around last) {
        List<Status> statuses = new ArrayList<>();
        Grants grants = new Grants(cluster.all(GatewayKinds.REFERENCE_GRANTS).values());
        Trust trust = new Trust(cluster, grants, pem);
        Binding binding = new Binding(cluster, trust);
        Map<String, ServiceSettings.Read> classes = classes(cluster, trust, statuses);
        Map<ObjectKey, BoundGateway> gateways = gateways(cluster, trust, binding, classes);
        TlsPolicies policies =
                new TlsPolicies(cluster.all(GatewayKinds.BACKEND_TLS_POLICIES).values(), trust);
        Around now = last.next(cluster, grants, policies, gateways.values());

        routes.follow(cluster, now, now.isAs(last));
        routes.attach(gateways.values());
        routes.use(policies);
        routes.statuses().forEach(statuses::add);
        statuses.addAll(policies.statuses());

        Map<Integer, Port> ports = new HashMap<>();
        for (BoundGateway gateway : gateways.values()) {
            Optional<GatewayService> service =
                    cluster.get(GatewayKinds.GATEWAY_SERVICES, ServicePlan.key(gateway.key(), namespace));
            statuses.addAll(GatewayStatuses.of(gateway, service, namespace));
            if (gateway.isAccepted() && service.isPresent()) {
                GatewayPorts.of(gateway, service.get(), routers).forEach(ports::putIfAbsent);
            }
        }
        pem.turn();
        routers.turn();
        around = now;
        return new Part(ports, routes.plans(), trust.references(), List.of(), statuses);
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
}
