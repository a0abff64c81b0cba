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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts together and gives their upstreams endpoints. An upstream whose Service and EndpointSlices are the same
 * instances as before is kept as it is. Called by one thread.
 */
public final class Assembly {
    /** What an upstream was made of; compared by identity, which the next cluster keeps. */
    private record Made(@Nullable Service service, List<EndpointSlice> slices, List<Ip> addresses, Upstream upstream) {}

    private Map<UpstreamPlan, Made> made = Map.of();

    /** What is to be served, and all that has to be known for it, the names of hosts that upstreams lead to included. */
    public record Result(Routing routing, References references) {}

    /** @param parts where two serve one port, the first does */
    public Result assemble(Cluster cluster, List<Part> parts) {
        Map<Integer, Port> ports = new HashMap<>();
        Map<UpstreamId, Upstream> upstreams = new HashMap<>();
        Map<UpstreamPlan, Made> now = new HashMap<>();
        Set<String> names = new HashSet<>();
        References references = References.NONE;
        for (Part part : parts) {
            part.ports().forEach(ports::putIfAbsent);
            references = references.plus(part.references());
            for (UpstreamPlan plan : part.upstreams()) {
                Made upstream = make(cluster, plan);
                now.put(plan, upstream);
                upstreams.put(upstream.upstream().id(), upstream.upstream());
                Endpoints.name(cluster, plan.source()).ifPresent(names::add);
            }
        }
        made = now;
        return new Result(new Routing(ports, upstreams), references.plus(new References(Set.of(), Set.of(), names)));
    }

    @SuppressWarnings("ReferenceEquality") // instances stay what they are as long as nothing changed
    private Made make(Cluster cluster, UpstreamPlan plan) {
        Optional<ObjectKey> key = switch (plan.source()) {
            case Source.OfService(ObjectKey service, int port, int protocol) -> Optional.of(service);
            case Source.OfClusterIp(ObjectKey service, int port) -> Optional.of(service);
            case Source.OfHost host -> Optional.empty();
        };
        Service service = key.flatMap(cluster::service).orElse(null);
        List<EndpointSlice> slices = key.map(cluster::endpointSlices).orElse(List.of());
        List<Ip> addresses =
                Endpoints.name(cluster, plan.source()).map(cluster::addresses).orElse(List.of());
        Made before = made.get(plan);
        if (before == null) {
            return new Made(service, slices, addresses, plan.with(Endpoints.of(cluster, plan.source())));
        }
        if (before.service() == service
                && before.slices() == slices
                && before.addresses().equals(addresses)) {
            return before;
        }
        Upstream upstream = plan.with(Endpoints.of(cluster, plan.source()));
        // A Service whose type changed is another instance, and its upstream may be the same.
        return new Made(service, slices, addresses, before.upstream().equals(upstream) ? before.upstream() : upstream);
    }
}
