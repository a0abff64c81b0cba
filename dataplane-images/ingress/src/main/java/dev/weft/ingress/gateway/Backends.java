package dev.weft.ingress.gateway;

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

/** Follows references of a route to Services, and remembers the upstreams that they lead to. */
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

    /** A Gateway at which a route leads to a Service that policies are for. */
    record Used(ObjectKey service, ObjectKey gateway) {}

    private final Reads in;
    private final Set<UpstreamPlan> plans = new HashSet<>(2);
    private final Set<Used> used = new HashSet<>(0);

    Backends(Reads in) {
        this.in = in;
    }

    /** All that were led to. */
    Set<UpstreamPlan> plans() {
        return Set.copyOf(plans);
    }

    Set<Used> used() {
        return Set.copyOf(used);
    }

    Resolved resolve(Route route, BackendRef backend, Use use, Parent parent) {
        String namespace = route.meta().namespace();
        if (!backend.ref().is("", "Service")) {
            return failed("InvalidKind", backend.ref() + " is no Service");
        }
        ObjectKey key = backend.ref().from(namespace);
        if (!key.namespace().equals(namespace)
                && !Grants.allow(in.grants(key.namespace()), route.kind(), namespace, backend.ref())) {
            return failed(
                    "RefNotPermitted",
                    "no ReferenceGrant in " + key.namespace() + " lets " + route.kind() + "s of " + namespace
                            + " refer to Service " + key.name());
        }
        Optional<Service> service = in.service(key);
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
            case HTTP, GRPC -> http(key, port.get(), use, parent);
        };
    }

    private Resolved http(ObjectKey key, Service.Port port, Use use, Parent parent) {
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
        Optional<TlsPolicies.OfService> policies = in.policies(key);
        if (policies.isPresent()) {
            used.add(new Used(key, parent.gateway()));
            Optional<TlsPolicies.Applied> applied = policies.get().find(port.name());
            if (applied.filter(TlsPolicies.Applied::broken).isPresent()) {
                return new Resolved(Optional.empty(), Optional.empty());
            }
            plan = applied.flatMap(TlsPolicies.Applied::tls)
                    .map(tls -> tls.showing(parent.clientCertificate()))
                    .map(plan::withTls)
                    .orElse(plan);
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
