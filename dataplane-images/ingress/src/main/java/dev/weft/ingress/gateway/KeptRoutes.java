package dev.weft.ingress.gateway;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.compile.Ordered;
import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.Meta;
import dev.weft.ingress.gateway.api.Route;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The routes of a kind, the oldest first, each with what it comes to: kept while it and all that it looked at stay as they are. */
final class KeptRoutes<R extends Route> {
    /** A route with what it comes to. */
    record Kept(Route route, Attachment attachment, GatewayStatus status) {}

    /**
     * What following the cluster came to.
     *
     * @param attached whether a route is attached in another way than before
     * @param plans whether routes lead to other upstreams
     */
    record Changes(boolean attached, boolean plans) {
        static final Changes NONE = new Changes(false, false);

        Changes or(Changes other) {
            return new Changes(attached || other.attached, plans || other.plans);
        }
    }

    private final GatewayApi.Resource<R> resource;
    private final Kind<R> kind;
    private final Ordered<R> order = new Ordered<>(
            Comparator.comparing(Route::meta, Meta.OLDEST_FIRST),
            route -> route.meta().key());
    private final Map<ObjectKey, Kept> known = new HashMap<>();
    private List<R> routes = List.of();
    private List<Kept> all = List.of();

    KeptRoutes(GatewayApi.Resource<R> resource, Kind<R> kind) {
        this.resource = resource;
        this.kind = kind;
    }

    /** All of them. */
    List<Kept> all() {
        return all;
    }

    /**
     * Follows the cluster.
     *
     * @param calm whether nothing that routes look at is other than last time
     */
    @SuppressWarnings("ReferenceEquality") // instances stay what they are as long as nothing changed
    Changes follow(Cluster cluster, Around around, boolean calm) {
        List<R> now = order.of(cluster.all(kind));
        if (calm && now == routes) {
            return Changes.NONE;
        }
        boolean gone = now.size() < all.size();
        Changes changes = new Changes(gone, gone);
        List<Kept> next = new ArrayList<>(now.size());
        for (R route : now) {
            Kept before = known.get(route.meta().key());
            Kept kept = keep(before, route, around, calm);
            if (kept != before) {
                known.put(route.meta().key(), kept);
                changes = changes.or(difference(before, kept));
            }
            next.add(kept);
        }
        if (known.size() > now.size()) {
            known.keySet().retainAll(cluster.all(kind).keySet());
        }
        routes = now;
        all = next;
        return changes;
    }

    @SuppressWarnings("ReferenceEquality") // instances stay what they are as long as nothing changed
    private Kept keep(@Nullable Kept before, R route, Around around, boolean calm) {
        if (before != null && (calm || before.attachment().holds(around))) {
            if (before.route() == route) {
                return before;
            }
            if (route.saysAs(before.route())) {
                // Whoever writes its status changes nothing of what it does.
                return new Kept(route, before.attachment(), before.attachment().status(resource, route));
            }
        }
        Attachment attachment = Attachment.of(route, around);
        return new Kept(route, attachment, attachment.status(resource, route));
    }

    @SuppressWarnings("ReferenceEquality") // likewise
    private static Changes difference(@Nullable Kept before, Kept now) {
        if (before == null) {
            return new Changes(true, true);
        }
        boolean other = before.attachment() != now.attachment();
        return new Changes(
                other,
                other && !before.attachment().plans().equals(now.attachment().plans()));
    }
}
