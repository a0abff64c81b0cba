package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.Backends.Use;
import dev.weft.ingress.gateway.BoundGateway.BoundSet;
import dev.weft.ingress.gateway.BoundListener.AttachedHttp;
import dev.weft.ingress.gateway.BoundListener.AttachedStream;
import dev.weft.ingress.gateway.GatewayStatus.OfParent;
import dev.weft.ingress.gateway.GatewayStatus.OfParents;
import dev.weft.ingress.gateway.api.BackendRef;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.HttpRoute;
import dev.weft.ingress.gateway.api.ParentRef;
import dev.weft.ingress.gateway.api.Route;
import dev.weft.ingress.gateway.api.StreamRoute;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.Target;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Attaches routes to listeners, the oldest first, and says what came of it. */
final class Attachment {
    /** What a route refers to as its parent. */
    private record Parent(BoundGateway gateway, List<BoundListener> listeners) {}

    /** Where a route goes, or why nowhere. */
    private record Fit(Map<BoundListener, Set<HostPattern>> listeners, Optional<Problem> refused) {}

    /** How a route comes out at one parent. */
    private record Outcome(Optional<Problem> unresolved, List<String> dropped, Optional<Problem> refused) {}

    /** Compiles a route for listeners of a port. */
    private interface Attacher {
        Outcome attach(BoundGateway gateway, Map<BoundListener, Set<HostPattern>> listeners);
    }

    private final Map<ObjectKey, BoundGateway> gateways;
    private final Map<ObjectKey, BoundGateway> gatewaysOfSets = new HashMap<>();
    private final Binding binding;
    private final Backends backends;

    /** @param gateways of ours */
    Attachment(Map<ObjectKey, BoundGateway> gateways, Binding binding, Backends backends) {
        this.gateways = gateways;
        this.binding = binding;
        this.backends = backends;
        gateways.values().forEach(gateway -> gateway.sets.keySet().forEach(set -> gatewaysOfSets.put(set, gateway)));
    }

    GatewayStatus attach(GatewayApi.Resource<HttpRoute> resource, HttpRoute route) {
        Map<Integer, HttpRules.Compiled> compiled = new HashMap<>();
        return attach(resource, route, (gateway, listeners) -> {
            compiled.clear();
            HttpRules.Compiled any = compiled.computeIfAbsent(
                    listeners.keySet().stream()
                            .findFirst()
                            .map(each -> each.spec.port())
                            .orElse(0),
                    port -> HttpRules.compile(route, backends, gateway, port));
            if (any.refused().isEmpty()) {
                listeners.forEach((listener, hosts) -> {
                    HttpRules.Compiled rules = compiled.computeIfAbsent(
                            listener.spec.port(), port -> HttpRules.compile(route, backends, gateway, port));
                    if (listener.http.stream().noneMatch(each -> each.route().equals(route))) {
                        listener.http.add(new AttachedHttp(route, hosts, rules));
                    }
                });
            }
            return new Outcome(any.unresolved(), any.dropped(), any.refused());
        });
    }

    GatewayStatus attach(GatewayApi.Resource<StreamRoute> resource, StreamRoute route) {
        Use use = route.kind().equals("UDPRoute") ? Use.UDP : Use.TCP;
        return attach(resource, route, (gateway, listeners) -> {
            Optional<Problem> unresolved = Optional.empty();
            List<Target.Backend> targets = new ArrayList<>();
            for (BackendRef backend : route.backends()) {
                Backends.Resolved resolved = backends.resolve(route, backend, use, gateway);
                unresolved = unresolved.or(resolved::problem);
                targets.add(new Target.Backend(resolved.destination(), backend.weight(), List.of()));
            }
            Target target = targets.isEmpty() ? Target.respond(500) : new Target(targets);
            listeners.forEach((listener, hosts) -> {
                if (listener.streams.stream().noneMatch(each -> each.route().equals(route))) {
                    listener.streams.add(new AttachedStream(route, hosts, target));
                }
            });
            return new Outcome(unresolved, List.of(), Optional.empty());
        });
    }

    private GatewayStatus attach(GatewayApi.Resource<?> resource, Route route, Attacher attacher) {
        List<OfParent> parents = new ArrayList<>();
        for (ParentRef ref : route.parents()) {
            parent(route, ref).ifPresent(parent -> {
                Fit fit = fit(route, ref, parent);
                Outcome outcome = attacher.attach(parent.gateway(), fit.listeners());
                parents.add(new OfParent(ref, conditions(fit, outcome)));
            });
        }
        return new GatewayStatus(resource, route.meta(), route.status(), new OfParents(parents));
    }

    private static List<Condition> conditions(Fit fit, Outcome outcome) {
        List<Condition> conditions = new ArrayList<>();
        Optional<Problem> refused = fit.refused().or(outcome::refused);
        conditions.add(refused.map(p -> p.as("Accepted")).orElseGet(() -> Condition.yes("Accepted")));
        conditions.add(
                outcome.unresolved().map(p -> p.as("ResolvedRefs")).orElseGet(() -> Condition.yes("ResolvedRefs")));
        if (refused.isEmpty() && !outcome.dropped().isEmpty()) {
            conditions.add(new Condition(
                    "PartiallyInvalid",
                    true,
                    "UnsupportedValue",
                    "Dropped Rule: " + String.join("; ", outcome.dropped())));
        }
        return conditions;
    }

    /** Empty if it is none of ours. */
    private Optional<Parent> parent(Route route, ParentRef ref) {
        if (!ref.group().equals(GatewayApi.GROUP) || ref.name().isEmpty()) {
            return Optional.empty();
        }
        ObjectKey key =
                new ObjectKey(ref.namespace().isEmpty() ? route.meta().namespace() : ref.namespace(), ref.name());
        return switch (ref.kind()) {
            case "Gateway" -> Optional.ofNullable(gateways.get(key)).map(found -> new Parent(found, found.own));
            case "ListenerSet" ->
                Optional.ofNullable(gatewaysOfSets.get(key)).map(found -> {
                    BoundSet set = found.sets.get(key);
                    return new Parent(found, set == null ? List.of() : set.listeners);
                });
            default -> Optional.empty();
        };
    }

    /** Each step leaves fewer listeners; the one that leaves none says why (RouteConditionAccepted). */
    private Fit fit(Route route, ParentRef ref, Parent parent) {
        List<BoundListener> named = parent.listeners().stream()
                .filter(listener ->
                        (ref.sectionName().isEmpty() || ref.sectionName().equals(listener.spec.name()))
                                && (ref.port() == 0 || ref.port() == listener.spec.port()))
                .toList();
        if (named.isEmpty()) {
            return refused("NoMatchingParent", "no listener has this sectionName and port");
        }
        String namespace = route.meta().namespace();
        Map<String, String> labels = binding.labels(namespace);
        List<BoundListener> allowed = named.stream()
                .filter(listener -> listener.kinds.contains(route.kind())
                        && listener.spec.allowedRoutes().allows(listener.owner.namespace(), namespace, labels))
                .toList();
        if (allowed.isEmpty()) {
            return refused(
                    "NotAllowedByListeners", "no listener takes " + route.kind() + "s of namespace " + namespace);
        }
        Map<BoundListener, Set<HostPattern>> fitting = new LinkedHashMap<>();
        for (BoundListener listener : allowed) {
            Set<HostPattern> hosts = Hosts.common(listener.spec.hostname(), route.hostnames());
            if (!hosts.isEmpty()) {
                fitting.put(listener, hosts);
            }
        }
        return fitting.isEmpty()
                ? refused("NoMatchingListenerHostname", "no listener has a host of this route")
                : new Fit(fitting, Optional.empty());
    }

    private static Fit refused(String reason, String message) {
        return new Fit(Map.of(), Optional.of(new Problem(reason, message)));
    }
}
