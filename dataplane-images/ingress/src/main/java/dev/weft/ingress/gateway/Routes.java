package dev.weft.ingress.gateway;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.gateway.Attached.At;
import dev.weft.ingress.gateway.Attached.ToListener;
import dev.weft.ingress.gateway.KeptRoutes.Changes;
import dev.weft.ingress.gateway.KeptRoutes.Kept;
import dev.weft.ingress.gateway.api.GatewayApi;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** All routes: what is attached to which listener. A change costs what it changes, and passes over references of the rest. */
final class Routes {
    private record Place(Parent.Id parent, int listener) {}

    /** What is gathered of a listener. */
    private record Draft(List<Attached.Http> http, List<Attached.Stream> streams) {
        Draft() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(Attached attached) {
            switch (attached) {
                case Attached.Http one -> http.add(one);
                case Attached.Stream one -> streams.add(one);
            }
        }
    }

    private final List<KeptRoutes<?>> kinds = List.of(
            new KeptRoutes<>(GatewayApi.HTTP_ROUTE, GatewayKinds.HTTP_ROUTES),
            new KeptRoutes<>(GatewayApi.GRPC_ROUTE, GatewayKinds.GRPC_ROUTES),
            new KeptRoutes<>(GatewayApi.TLS_ROUTE, GatewayKinds.TLS_ROUTES),
            new KeptRoutes<>(GatewayApi.TCP_ROUTE, GatewayKinds.TCP_ROUTES),
            new KeptRoutes<>(GatewayApi.UDP_ROUTE, GatewayKinds.UDP_ROUTES));

    private Map<Place, ToListener> attached = Map.of();
    private Set<UpstreamPlan> plans = Set.of();

    /** @param calm whether nothing that routes look at is other than last time */
    void follow(Cluster cluster, Around around, boolean calm) {
        Changes changes = Changes.NONE;
        for (KeptRoutes<?> kind : kinds) {
            changes = changes.or(kind.follow(cluster, around, calm));
        }
        if (changes.attached()) {
            attached = gather();
        }
        if (changes.plans()) {
            Set<UpstreamPlan> now = new HashSet<>(plans.size() * 2);
            all().forEach(kept -> now.addAll(kept.attachment().plans()));
            plans = Set.copyOf(now);
        }
    }

    private Map<Place, ToListener> gather() {
        Map<Place, Draft> drafts = new HashMap<>();
        all().forEach(kept -> {
            for (At at : kept.attachment().at()) {
                drafts.computeIfAbsent(new Place(at.parent(), at.listener()), place -> new Draft())
                        .add(at.attached());
            }
        });
        Map<Place, ToListener> now = new HashMap<>();
        drafts.forEach((place, draft) -> now.put(
                place,
                new ToListener(draft.http(), draft.streams()).or(attached.getOrDefault(place, ToListener.NOTHING))));
        return now;
    }

    private Stream<Kept> all() {
        return kinds.stream().flatMap(kind -> kind.all().stream());
    }

    /** Tells listeners what is attached to them. */
    void attach(Collection<BoundGateway> gateways) {
        for (BoundGateway gateway : gateways) {
            attach(Parent.of(gateway).id(), gateway.own);
            gateway.sets.forEach((key, set) -> attach(new Parent.Id("ListenerSet", key), set.listeners));
        }
    }

    private void attach(Parent.Id parent, List<BoundListener> listeners) {
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).attached = attached.getOrDefault(new Place(parent, i), ToListener.NOTHING);
        }
    }

    /** Tells policies for whom they are. */
    void use(TlsPolicies policies) {
        if (!policies.services().isEmpty()) {
            all().flatMap(kept -> kept.attachment().used().stream())
                    .forEach(used -> policies.use(used.service(), used.gateway()));
        }
    }

    /** Of the upstreams that routes lead to; the same instance while they lead to the same. */
    Set<UpstreamPlan> plans() {
        return plans;
    }

    Stream<GatewayStatus> statuses() {
        return all().map(Kept::status);
    }
}
