package dev.weft.ingress.gateway;

import dev.weft.ingress.compile.Instances;
import dev.weft.ingress.match.HostRoutes;
import dev.weft.ingress.match.Router;
import dev.weft.ingress.route.HostPattern;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Routers of listeners. A router is kept while the same is attached, and so is the table of each of its hosts; listeners of a
 * Gateway to which the same is attached, as those of HTTP and HTTPS often are, share them. Used by one thread.
 */
final class Routers {
    private record Id(String kind, ObjectKey owner, String listener) {}

    /** @param sorted what comes first comes first */
    private record Host(List<HttpRules.Compiled> rules, List<HttpRules.Entry> sorted, HostRoutes routes) {}

    private record Tables(List<Attached.Http> attached, Map<HostPattern, Host> hosts, Router router) {}

    private Map<Id, Tables> known = Map.of();
    private Map<Id, Tables> used = new HashMap<>();

    /** Those of Gateways that were made since the last turn. */
    private final Map<ObjectKey, List<Tables>> made = new HashMap<>();

    /** Forgets what was not asked for since the last call. */
    void turn() {
        known = used;
        used = new HashMap<>();
        made.clear();
    }

    Router of(BoundListener listener) {
        Id id = new Id(listener.ownerKind, listener.owner.key(), listener.spec.name());
        List<Tables> siblings = made.computeIfAbsent(listener.gateway.meta().key(), gateway -> new ArrayList<>(2));
        List<Tables> candidates = Stream.concat(Stream.ofNullable(known.get(id)), siblings.stream())
                .toList();
        List<Attached.Http> attached = listener.attached.http();
        Tables tables = candidates.stream()
                .filter(candidate -> Instances.areSame(candidate.attached(), attached))
                .findFirst()
                .orElseGet(() -> tables(attached, candidates));
        used.put(id, tables);
        siblings.add(tables);
        return tables.router();
    }

    private static Tables tables(List<Attached.Http> attached, List<Tables> candidates) {
        Map<HostPattern, List<HttpRules.Compiled>> byHost = new LinkedHashMap<>();
        for (Attached.Http route : attached) {
            for (HostPattern host : route.hosts()) {
                byHost.computeIfAbsent(host, key -> new ArrayList<>()).add(route.rules());
            }
        }
        Map<HostPattern, Host> hosts = new HashMap<>(byHost.size() * 2);
        Map<HostPattern, HostRoutes> routes = new HashMap<>(byHost.size() * 2);
        byHost.forEach((pattern, rules) -> {
            List<Host> known = candidates.stream()
                    .flatMap(candidate -> Stream.ofNullable(candidate.hosts().get(pattern)))
                    .toList();
            Host host = known.stream()
                    .filter(each -> Instances.areSame(each.rules(), rules))
                    .findFirst()
                    .orElseGet(() -> host(rules, known));
            hosts.put(pattern, host);
            routes.put(pattern, host.routes());
        });
        return new Tables(attached, hosts, new Router(routes, Router.Miss.NEXT_HOST));
    }

    /** What is as it was is in its place already. */
    private static Host host(List<HttpRules.Compiled> rules, List<Host> known) {
        List<HttpRules.Entry> sorted = new ArrayList<>(rules.size());
        Set<HttpRules.Compiled> added = Collections.newSetFromMap(new IdentityHashMap<>(rules.size()));
        added.addAll(rules);
        if (!known.isEmpty()) {
            Set<HttpRules.Entry> gone = Collections.newSetFromMap(new IdentityHashMap<>());
            for (HttpRules.Compiled before : known.getFirst().rules()) {
                if (!added.remove(before)) {
                    gone.addAll(before.entries());
                }
            }
            known.getFirst().sorted().stream()
                    .filter(entry -> !gone.contains(entry))
                    .forEach(sorted::add);
        }
        for (HttpRules.Compiled compiled : rules) {
            if (added.contains(compiled)) {
                sorted.addAll(compiled.entries());
            }
        }
        sorted.sort(Comparator.comparing(HttpRules.Entry::precedence));
        return new Host(
                List.copyOf(rules),
                List.copyOf(sorted),
                new HostRoutes(sorted.stream().map(HttpRules.Entry::route).toList()));
    }
}
