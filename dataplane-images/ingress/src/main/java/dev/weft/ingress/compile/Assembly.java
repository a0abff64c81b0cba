package dev.weft.ingress.compile;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.References;
import dev.weft.ingress.cluster.Service;
import dev.weft.ingress.compile.UpstreamPlan.Source;
import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.Routing;
import dev.weft.ingress.route.Upstream;
import dev.weft.ingress.route.UpstreamId;
import dev.weft.kube.EndpointSlice;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts together and gives their upstreams endpoints. An upstream whose Service and EndpointSlices are the same
 * instances as before is kept as it is, and so is the map of all of them if none changed. Called by one thread.
 */
public final class Assembly {
    /**
     * An upstream, and what it was made of; compared by identity, which the next cluster keeps.
     *
     * @param key of the Service; null if it is none
     * @param name of a host that has to be looked up
     */
    private record Made(
            UpstreamPlan plan,
            @Nullable ObjectKey key,
            @Nullable Service service,
            List<EndpointSlice> slices,
            Optional<String> name,
            List<Ip> addresses,
            Upstream upstream) {}

    private List<Set<UpstreamPlan>> plans = List.of();
    private List<Made> made = List.of();
    private Map<UpstreamId, Upstream> upstreams = Map.of();
    private Set<String> names = Set.of();

    /** What is to be served, and all that has to be known for it, the names of hosts that upstreams lead to included. */
    public record Result(Routing routing, References references) {}

    /** @param parts where two serve one port, the first does */
    public Result assemble(Cluster cluster, List<Part> parts) {
        Map<Integer, Port> ports = new HashMap<>();
        References references = References.NONE;
        for (Part part : parts) {
            part.ports().forEach(ports::putIfAbsent);
            references = references.plus(part.references());
        }
        follow(cluster, parts.stream().map(Part::upstreams).toList());
        return new Result(new Routing(ports, upstreams), references.plus(new References(Set.of(), Set.of(), names)));
    }

    private void follow(Cluster cluster, List<Set<UpstreamPlan>> wanted) {
        List<Made> now = Instances.areSame(wanted, plans) ? again(cluster) : anew(cluster, wanted);
        if (!Instances.areSame(now, made)) {
            Map<UpstreamId, Upstream> all = new HashMap<>(now.size() * 2);
            Set<String> hosts = new HashSet<>();
            for (Made one : now) {
                all.put(one.upstream().id(), one.upstream());
                one.name().ifPresent(hosts::add);
            }
            upstreams = Map.copyOf(all);
            names = Set.copyOf(hosts);
        }
        made = now;
        plans = wanted;
    }

    /** Those of before, with what changed of their endpoints. */
    private List<Made> again(Cluster cluster) {
        List<Made> now = new ArrayList<>(made.size());
        for (Made before : made) {
            now.add(next(cluster, before));
        }
        return now;
    }

    private List<Made> anew(Cluster cluster, List<Set<UpstreamPlan>> wanted) {
        Map<UpstreamPlan, Made> known = new HashMap<>(made.size() * 2);
        made.forEach(one -> known.put(one.plan(), one));
        Map<UpstreamPlan, Made> now = new LinkedHashMap<>(made.size() * 2);
        for (Set<UpstreamPlan> part : wanted) {
            for (UpstreamPlan plan : part) {
                Made before = known.get(plan);
                now.put(plan, before == null ? make(cluster, plan) : next(cluster, before));
            }
        }
        return List.copyOf(now.values());
    }

    private static Made make(Cluster cluster, UpstreamPlan plan) {
        ObjectKey key = switch (plan.source()) {
            case Source.OfService(ObjectKey service, int port, int protocol) -> service;
            case Source.OfClusterIp(ObjectKey service, int port) -> service;
            case Source.OfHost host -> null;
        };
        Optional<String> name = Endpoints.name(cluster, plan.source());
        return new Made(
                plan,
                key,
                key == null ? null : cluster.service(key).orElse(null),
                key == null ? List.of() : cluster.endpointSlices(key),
                name,
                name.map(cluster::addresses).orElse(List.of()),
                plan.with(Endpoints.of(cluster, plan.source())));
    }

    @SuppressWarnings("ReferenceEquality") // instances stay what they are as long as nothing changed
    private static Made next(Cluster cluster, Made before) {
        ObjectKey key = before.key();
        boolean same = (key == null
                        || (cluster.service(key).orElse(null) == before.service()
                                && cluster.endpointSlices(key) == before.slices()))
                && (before.name().isEmpty()
                        || cluster.addresses(before.name().get()).equals(before.addresses()));
        if (same) {
            return before;
        }
        Made now = make(cluster, before.plan());
        // A Service whose type changed is another instance, and its upstream may be the same; and who leads to a name
        // that
        // was not asked for yet goes on with the addresses that it has.
        boolean asked = now.name().filter(host -> !cluster.knowsAddresses(host)).isEmpty();
        return now.upstream().equals(before.upstream()) || !asked
                ? new Made(
                        now.plan(),
                        now.key(),
                        now.service(),
                        now.slices(),
                        now.name(),
                        now.addresses(),
                        before.upstream())
                : now;
    }
}
