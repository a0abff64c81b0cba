package dev.weft.ingress.gateway;

import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.gateway.Backends.Use;
import dev.weft.ingress.gateway.GatewayStatus.OfParent;
import dev.weft.ingress.gateway.GatewayStatus.OfParents;
import dev.weft.ingress.gateway.api.BackendRef;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.HttpRoute;
import dev.weft.ingress.gateway.api.ParentRef;
import dev.weft.ingress.gateway.api.Route;
import dev.weft.ingress.gateway.api.StreamRoute;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.RuleName;
import dev.weft.ingress.route.Target;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a route comes to: where it is attached, and what its status says. Compared by identity where it is kept.
 *
 * @param at each listener at most once
 * @param plans of the upstreams that it leads to
 * @param used policies
 * @param seen what of the rest of the cluster was looked at
 */
record Attachment(
        List<Attached.At> at,
        List<OfParent> parents,
        Set<UpstreamPlan> plans,
        Set<Backends.Used> used,
        List<Reads.Read> seen) {
    private static final Condition ACCEPTED = Condition.yes("Accepted");
    private static final Condition RESOLVED = Condition.yes("ResolvedRefs");
    private static final List<Condition> WELL = List.of(ACCEPTED, RESOLVED);

    Attachment {
        at = List.copyOf(at);
        parents = List.copyOf(parents);
    }

    /** Where a route goes, or why nowhere. */
    private record Fit(Map<Integer, Set<HostPattern>> listeners, Optional<Problem> refused) {}

    /** How a route comes out at one parent. */
    private record Outcome(Optional<Problem> unresolved, List<String> dropped, Optional<Problem> refused) {}

    /** Compiles a route for listeners of a parent, by their numbers. */
    private interface Attacher {
        Outcome attach(Parent parent, Map<Integer, Set<HostPattern>> listeners, List<Attached.At> to);
    }

    /** Whether all that it was made of, besides the route, is as it was. */
    boolean holds(Around later) {
        for (Reads.Read read : seen) {
            if (!read.holds(later)) {
                return false;
            }
        }
        return true;
    }

    static Attachment of(Route route, Around around) {
        Reads in = new Reads(around);
        Backends backends = new Backends(in);
        return switch (route) {
            case HttpRoute http ->
                of(route, in, backends, (parent, listeners, to) -> http(http, backends, parent, listeners, to));
            case StreamRoute stream ->
                of(route, in, backends, (parent, listeners, to) -> stream(stream, backends, parent, listeners, to));
        };
    }

    private static Attachment of(Route route, Reads in, Backends backends, Attacher attacher) {
        List<Attached.At> at = new ArrayList<>(2);
        List<OfParent> parents = new ArrayList<>(1);
        for (ParentRef ref : route.parents()) {
            parent(route, ref).flatMap(in::parent).ifPresent(parent -> {
                Fit fit = fit(route, ref, parent, in);
                Outcome outcome = attacher.attach(parent, fit.listeners(), at);
                parents.add(new OfParent(ref, conditions(fit, outcome)));
            });
        }
        return new Attachment(at, parents, backends.plans(), backends.used(), in.seen());
    }

    GatewayStatus status(GatewayApi.Resource<?> resource, Route route) {
        return new GatewayStatus(resource, route.meta(), route.status(), new OfParents(parents));
    }

    private static Outcome http(
            HttpRoute route,
            Backends backends,
            Parent parent,
            Map<Integer, Set<HostPattern>> listeners,
            List<Attached.At> to) {
        boolean alike = !HttpRules.dependOnPort(route);
        int first = listeners.keySet().stream()
                .findFirst()
                .map(number -> port(parent, number))
                .orElse(0);
        HttpRules.Compiled any = HttpRules.compile(route, backends, parent, first);
        Map<Integer, HttpRules.Compiled> byPort = new HashMap<>(Map.of(first, any));
        // What is the same at two listeners is one instance: so are the tables that are made of it.
        List<Attached.Http> made = new ArrayList<>(1);
        if (any.refused().isEmpty()) {
            listeners.forEach((number, hosts) -> {
                HttpRules.Compiled rules = byPort.computeIfAbsent(
                        alike ? first : port(parent, number), port -> HttpRules.compile(route, backends, parent, port));
                attach(parent, number, attached(made, hosts, rules), to);
            });
        }
        return new Outcome(any.unresolved(), any.dropped(), any.refused());
    }

    @SuppressWarnings("ReferenceEquality") // rules are long, and compiled once
    private static Attached.Http attached(List<Attached.Http> made, Set<HostPattern> hosts, HttpRules.Compiled rules) {
        for (Attached.Http known : made) {
            if (known.rules() == rules && known.hosts().equals(hosts)) {
                return known;
            }
        }
        Attached.Http attached = new Attached.Http(hosts, rules);
        made.add(attached);
        return attached;
    }

    private static int port(Parent parent, int listener) {
        return parent.places().get(listener).spec().port();
    }

    private static Outcome stream(
            StreamRoute route,
            Backends backends,
            Parent parent,
            Map<Integer, Set<HostPattern>> listeners,
            List<Attached.At> to) {
        Use use = route.kind().equals("UDPRoute") ? Use.UDP : Use.TCP;
        Optional<Problem> unresolved = Optional.empty();
        List<Target.Backend> targets = new ArrayList<>();
        for (BackendRef backend : route.backends()) {
            Backends.Resolved resolved = backends.resolve(route, backend, use, parent);
            unresolved = unresolved.or(resolved::problem);
            targets.add(new Target.Backend(resolved.destination(), backend.weight(), List.of()));
        }
        Target target = targets.isEmpty() ? Target.respond(500) : new Target(targets);
        RuleName name = new RuleName(
                route.kind(), route.meta().namespace(), route.meta().name(), 0);
        listeners.forEach((number, hosts) -> attach(parent, number, new Attached.Stream(name, hosts, target), to));
        return new Outcome(unresolved, List.of(), Optional.empty());
    }

    /** Two references to one parent may lead to one listener. */
    private static void attach(Parent parent, int listener, Attached attached, List<Attached.At> to) {
        if (to.stream().noneMatch(at -> at.listener() == listener && at.parent().equals(parent.id()))) {
            to.add(new Attached.At(parent.id(), listener, attached));
        }
    }

    private static List<Condition> conditions(Fit fit, Outcome outcome) {
        List<Condition> conditions = new ArrayList<>();
        Optional<Problem> refused = fit.refused().or(outcome::refused);
        conditions.add(refused.map(p -> p.as("Accepted")).orElse(ACCEPTED));
        conditions.add(outcome.unresolved().map(p -> p.as("ResolvedRefs")).orElse(RESOLVED));
        if (refused.isEmpty() && !outcome.dropped().isEmpty()) {
            conditions.add(new Condition(
                    "PartiallyInvalid",
                    true,
                    "UnsupportedValue",
                    "Dropped Rule: " + String.join("; ", outcome.dropped())));
        }
        return conditions.equals(WELL) ? WELL : conditions;
    }

    /** Empty if it is of a kind that is none of ours. */
    private static Optional<Parent.Id> parent(Route route, ParentRef ref) {
        boolean ours = ref.group().equals(GatewayApi.GROUP)
                && (ref.kind().equals("Gateway") || ref.kind().equals("ListenerSet"))
                && !ref.name().isEmpty();
        if (!ours) {
            return Optional.empty();
        }
        String namespace = ref.namespace().isEmpty() ? route.meta().namespace() : ref.namespace();
        return Optional.of(new Parent.Id(ref.kind(), new ObjectKey(namespace, ref.name())));
    }

    /** Each step leaves fewer listeners; the one that leaves none says why (RouteConditionAccepted). */
    private static Fit fit(Route route, ParentRef ref, Parent parent, Reads in) {
        List<Integer> named = new ArrayList<>();
        for (int i = 0; i < parent.places().size(); i++) {
            var spec = parent.places().get(i).spec();
            if ((ref.sectionName().isEmpty() || ref.sectionName().equals(spec.name()))
                    && (ref.port() == 0 || ref.port() == spec.port())) {
                named.add(i);
            }
        }
        if (named.isEmpty()) {
            return refused("NoMatchingParent", "no listener has this sectionName and port");
        }
        String namespace = route.meta().namespace();
        String own = parent.id().key().namespace();
        Map<String, String> labels = in.labels(namespace);
        List<Integer> allowed = named.stream()
                .filter(i -> parent.places().get(i).kinds().contains(route.kind())
                        && parent.places().get(i).spec().allowedRoutes().allows(own, namespace, labels))
                .toList();
        if (allowed.isEmpty()) {
            return refused(
                    "NotAllowedByListeners", "no listener takes " + route.kind() + "s of namespace " + namespace);
        }
        Map<Integer, Set<HostPattern>> fitting = new LinkedHashMap<>();
        for (int listener : allowed) {
            Set<HostPattern> hosts =
                    Hosts.common(parent.places().get(listener).spec().hostname(), route.hostnames());
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
