package dev.weft.ingress;

import dev.weft.config.IngressConfig;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Ingress;
import dev.weft.ingress.cluster.IngressClass;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.Secret;
import dev.weft.ingress.cluster.Service;
import dev.weft.ingress.gateway.GatewayCompiler;
import dev.weft.ingress.gateway.GatewayKinds;
import dev.weft.ingress.gateway.GatewayService;
import dev.weft.ingress.gateway.GatewayStatus;
import dev.weft.ingress.gateway.api.BackendRef;
import dev.weft.ingress.gateway.api.Gateway;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.GatewayClass;
import dev.weft.ingress.gateway.api.HttpRoute;
import dev.weft.ingress.gateway.api.ListenerSpec;
import dev.weft.ingress.gateway.api.Meta;
import dev.weft.ingress.gateway.api.NamespaceRule;
import dev.weft.ingress.gateway.api.ParentRef;
import dev.weft.ingress.gateway.api.Reference;
import dev.weft.ingress.nginx.SelfSigned;
import dev.weft.ingress.route.Certificate;
import dev.weft.kube.EndpointSlice;
import dev.weft.kube.LabelSelector;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.testkit.FreePort;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A cluster of many routes, each with a Service of its own and an EndpointSlice, spread over hosts; and its changes. */
final class ManyRoutes {
    static final String SYSTEM = "weft-system";
    private static final int NAMESPACES = 50;
    private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

    private final boolean gateway;
    private final int routes;
    private final int hosts;
    private final Map<Kind<?>, Map<ObjectKey, Object>> objects = new LinkedHashMap<>();
    private final List<Certificate> pairs = List.of(SelfSigned.certificate("one"), SelfSigned.certificate("two"));
    private int changes;

    ManyRoutes(boolean gateway, int routes, int hosts) {
        this.gateway = gateway;
        this.routes = routes;
        this.hosts = hosts;
        for (int i = 0; i < routes; i++) {
            ObjectKey key = key(i);
            put(
                    Kinds.SERVICES,
                    key,
                    new Service(
                            key,
                            "ClusterIP",
                            "",
                            List.of(ip(i, 0)),
                            Family.IPV4,
                            List.of(new Service.Port("http", Service.TCP, 80, "8080", 0, "")),
                            List.of()));
            put(Kinds.ENDPOINT_SLICES, key, slice(key, i, 0));
            if (gateway) {
                put(GatewayKinds.HTTP_ROUTES, key, httpRoute(i, 0));
            } else {
                put(Kinds.INGRESSES, key, ingress(i, 0));
            }
        }
        put(Kinds.INGRESS_CLASSES, ObjectKey.of("weft"), new IngressClass("weft", "u", IngressConfig.CONTROLLER, true));
        for (int i = 0; i < (gateway ? 1 : Math.min(hosts, 1000)); i++) {
            put(Kinds.SECRETS, secretKey(i), secret(i, 0));
        }
        if (gateway) {
            gateway();
        }
    }

    private void gateway() {
        put(
                GatewayKinds.GATEWAY_CLASSES,
                ObjectKey.of("weft"),
                new GatewayClass(meta(ObjectKey.of("weft"), 1), IngressConfig.CONTROLLER, Optional.empty(), Map.of()));
        NamespaceRule all = new NamespaceRule(NamespaceRule.From.ALL, LabelSelector.EVERYTHING);
        ObjectKey key = new ObjectKey("ns0", "edge");
        put(
                GatewayKinds.GATEWAYS,
                key,
                new Gateway(
                        meta(key, 1),
                        "weft",
                        List.of(
                                new ListenerSpec("http", "", 80, "HTTP", Optional.empty(), all, List.of()),
                                new ListenerSpec(
                                        "https",
                                        "",
                                        443,
                                        "HTTPS",
                                        Optional.of(new ListenerSpec.Tls(
                                                false,
                                                List.of(new Reference(
                                                        "",
                                                        "Secret",
                                                        "",
                                                        secretKey(0).name())))),
                                        all,
                                        List.of())),
                        List.of(),
                        new Gateway.Infrastructure(Map.of(), Map.of(), Optional.empty()),
                        new NamespaceRule(NamespaceRule.From.NONE, LabelSelector.EVERYTHING),
                        Optional.empty(),
                        Optional.empty(),
                        Map.of(),
                        Map.of()));
        Cluster bare = Cluster.EMPTY;
        for (Kind<?> kind : List.of(GatewayKinds.GATEWAY_CLASSES, GatewayKinds.GATEWAYS)) {
            bare = with(bare, kind);
        }
        new GatewayCompiler(SYSTEM)
                .compile(bare).statuses().stream()
                        .map(GatewayStatus.class::cast)
                        .map(GatewayStatus::content)
                        .filter(GatewayStatus.OfGateway.class::isInstance)
                        .map(GatewayStatus.OfGateway.class::cast)
                        .flatMap(of -> of.service().stream())
                        .forEach(plan -> {
                            List<GatewayService.Port> ports = new ArrayList<>();
                            plan.ports()
                                    .forEach(port -> ports.add(
                                            new GatewayService.Port(port.protocol(), port.port(), FreePort.next())));
                            put(
                                    GatewayKinds.GATEWAY_SERVICES,
                                    plan.key(),
                                    new GatewayService(
                                            plan.key(),
                                            Map.of(),
                                            Map.of(),
                                            "ClusterIP",
                                            "",
                                            Map.of(),
                                            List.of(Ip.parse("10.96.0.1")),
                                            "",
                                            ports,
                                            List.of()));
                        });
    }

    private <T> Cluster with(Cluster cluster, Kind<T> kind) {
        return cluster.with(kind, all(kind));
    }

    private void put(Kind<?> kind, ObjectKey key, Object value) {
        objects.computeIfAbsent(kind, of -> new HashMap<>()).put(key, value);
    }

    Set<Kind<?>> kinds() {
        return objects.keySet();
    }

    @SuppressWarnings("unchecked") // put() is given what is of the kind's type
    <T> Map<ObjectKey, T> all(Kind<T> kind) {
        return (Map<ObjectKey, T>) objects.getOrDefault(kind, Map.of());
    }

    /** The backend or the host's path of a route becomes another. */
    Kind<?> route(int which) {
        int i = which % routes;
        int change = ++changes;
        if (gateway) {
            put(GatewayKinds.HTTP_ROUTES, key(i), httpRoute(i, change));
            return GatewayKinds.HTTP_ROUTES;
        }
        put(Kinds.INGRESSES, key(i), ingress(i, change));
        return Kinds.INGRESSES;
    }

    Kind<?> slice(int which) {
        int i = which % routes;
        put(Kinds.ENDPOINT_SLICES, key(i), slice(key(i), i, ++changes));
        return Kinds.ENDPOINT_SLICES;
    }

    Kind<?> secret(int which) {
        int i = gateway ? 0 : which % Math.min(hosts, 1000);
        put(Kinds.SECRETS, secretKey(i), secret(i, ++changes));
        return Kinds.SECRETS;
    }

    private static ObjectKey key(int i) {
        return new ObjectKey("ns" + i % NAMESPACES, "app-" + i);
    }

    /** In the namespace of the first route of its host. */
    private static ObjectKey secretKey(int i) {
        return new ObjectKey("ns" + i % NAMESPACES, "cert-" + i);
    }

    private static Meta meta(ObjectKey key, int version) {
        return new Meta(key, "uid-" + key, Integer.toString(version), version, LONG_AGO);
    }

    private String host(int i) {
        return "h" + i % hosts + ".example.com";
    }

    private static String path(int i, int change) {
        return change % 2 == 0 ? "/app-" + i : "/app-" + i + "/v2";
    }

    private static Ip ip(int i, int change) {
        return Ip.parse("10." + (100 + change % 100) + "." + i / 250 + "." + (1 + i % 250));
    }

    private Ingress ingress(int i, int change) {
        return new Ingress(
                key(i),
                "uid-" + i,
                LONG_AGO.plusSeconds(i),
                Map.of("nginx.ingress.kubernetes.io/proxy-read-timeout", "30"),
                Optional.of("weft"),
                Optional.empty(),
                i < hosts && i < 1000
                        ? List.of(new Ingress.Tls(List.of(host(i)), secretKey(i).name()))
                        : List.of(),
                List.of(new Ingress.Rule(
                        host(i),
                        List.of(new Ingress.Path(
                                path(i, change),
                                Ingress.PathType.PREFIX,
                                new Ingress.Backend.OfService(key(i).name(), "", 80))))),
                List.of());
    }

    private HttpRoute httpRoute(int i, int change) {
        return new HttpRoute(
                "HTTPRoute",
                new Meta(key(i), "uid-" + i, Integer.toString(change), change, LONG_AGO.plusSeconds(i)),
                List.of(new ParentRef(GatewayApi.GROUP, "Gateway", "ns0", "edge", "", 0)),
                List.of(host(i)),
                List.of(new HttpRoute.Rule(
                        List.of(new HttpRoute.Match(
                                new HttpRoute.PathSpec("PathPrefix", path(i, change)), "", List.of(), List.of())),
                        List.of(),
                        List.of(new BackendRef(new Reference("", "Service", "", key(i).name()), 80, 1, List.of())),
                        "",
                        "",
                        Optional.empty(),
                        Optional.empty())),
                Map.of());
    }

    private static EndpointSlice slice(ObjectKey key, int i, int change) {
        return new EndpointSlice(
                key.name(),
                List.of(new EndpointSlice.Port("http", Service.TCP, 8080)),
                List.of(endpoint(ip(i, change)), endpoint(ip(i, change + 1))),
                0);
    }

    private static EndpointSlice.Endpoint endpoint(Ip ip) {
        return new EndpointSlice.Endpoint(ip, "node", true, true, false, EndpointSlice.Hints.NONE);
    }

    private Secret secret(int i, int change) {
        Certificate pair = pairs.get(change % 2);
        // Texts of its own, as each Secret that is read has.
        return new Secret(
                secretKey(i),
                "kubernetes.io/tls",
                Map.of("tls.crt", new String(pair.chain()), "tls.key", new String(pair.key())));
    }
}
