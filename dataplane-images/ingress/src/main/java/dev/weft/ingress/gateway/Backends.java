package dev.weft.ingress.gateway;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Service;
import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.compile.UpstreamPlan.Source;
import dev.weft.ingress.gateway.api.BackendRef;
import dev.weft.ingress.gateway.api.Route;
import dev.weft.ingress.route.Target.Destination;
import dev.weft.ingress.route.Upstream;
import dev.weft.ingress.route.UpstreamId;
import dev.weft.kube.ObjectKey;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Follows references of routes to Services, and remembers the upstreams that they lead to. */
final class Backends {
    /** What a reference that cannot be followed is answered (HTTPRouteRule, backendRefs). */
    static final Destination UNAVAILABLE = new Destination.Respond(500);

    /** Where a reference leads, or why it does not. */
    record Resolved(Optional<UpstreamId> upstream, Optional<Problem> problem) {
        Destination destination() {
            return upstream.<Destination>map(Destination.To::new).orElse(UNAVAILABLE);
        }
    }

    /** How requests are sent on. */
    enum Use {
        HTTP,
        GRPC,
        TCP,
        UDP
    }

    private final Cluster cluster;
    private final Grants grants;
    private final TlsPolicies policies;
    private final Set<UpstreamPlan> plans = new HashSet<>();

    Backends(Cluster cluster, Grants grants, TlsPolicies policies) {
        this.cluster = cluster;
        this.grants = grants;
        this.policies = policies;
    }

    /** All that were led to. */
    Set<UpstreamPlan> plans() {
        return plans;
    }

    Resolved resolve(Route route, BackendRef backend, Use use, BoundGateway gateway) {
        String namespace = route.meta().namespace();
        if (!backend.ref().is("", "Service")) {
            return failed("InvalidKind", backend.ref() + " is no Service");
        }
        ObjectKey key = backend.ref().from(namespace);
        if (!grants.allow(route.kind(), namespace, backend.ref())) {
            return failed(
                    "RefNotPermitted",
                    "no ReferenceGrant in " + key.namespace() + " lets " + route.kind() + "s of " + namespace
                            + " refer to Service " + key.name());
        }
        Optional<Service> service = cluster.service(key);
        int protocol = use == Use.UDP ? Service.UDP : Service.TCP;
        Optional<Service.Port> port = service.flatMap(found -> found.port(backend.port(), protocol));
        if (port.isEmpty()) {
            return failed(
                    "BackendNotFound",
                    service.isEmpty()
                            ? "Service " + key + " does not exist"
                            : "Service " + key + " has no " + (use == Use.UDP ? "UDP" : "TCP") + " port "
                                    + backend.port());
        }
        return switch (use) {
            case TCP, UDP -> found(plan(key, backend.port(), protocol));
            case HTTP, GRPC -> http(key, port.get(), use, gateway);
        };
    }

    private Resolved http(ObjectKey key, Service.Port port, Use use, BoundGateway gateway) {
        UpstreamPlan plan = plan(key, port.port(), Service.TCP);
        switch (port.appProtocol()) {
            case "kubernetes.io/h2c", "grpc", "h2c", "http2" -> plan = plan.withProtocol(Upstream.Protocol.HTTP2);
            case "kubernetes.io/ws", "kubernetes.io/wss" -> {}
            default -> {
                if (port.appProtocol().startsWith("kubernetes.io/")) {
                    return failed(
                            "UnsupportedProtocol",
                            "appProtocol " + port.appProtocol() + " of Service " + key + " is not supported");
                }
            }
        }
        if (use == Use.GRPC) {
            plan = plan.withProtocol(Upstream.Protocol.HTTP2);
        }
        Optional<TlsPolicies.Applied> tls = policies.find(key, port.name(), gateway.key(), gateway.clientCertificate);
        if (tls.isPresent()) {
            if (tls.get().broken()) {
                return new Resolved(Optional.empty(), Optional.empty());
            }
            plan = tls.get().tls().map(plan::withTls).orElse(plan);
        }
        return found(plan);
    }

    private static UpstreamPlan plan(ObjectKey key, int port, int protocol) {
        return new UpstreamPlan(
                new Source.OfService(key, port, protocol),
                Upstream.Protocol.HTTP1,
                Optional.empty(),
                new Upstream.Balancing.LeastRequest());
    }

    private Resolved found(UpstreamPlan plan) {
        plans.add(plan);
        return new Resolved(Optional.of(plan.id()), Optional.empty());
    }

    private static Resolved failed(String reason, String message) {
        return new Resolved(Optional.empty(), Optional.of(new Problem(reason, message)));
    }
}
