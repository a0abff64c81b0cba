package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.BoundGateway.BoundSet;
import dev.weft.ingress.gateway.api.ListenerSpec;
import dev.weft.ingress.route.Certificate;
import dev.weft.kube.ObjectKey;
import java.util.List;
import java.util.Optional;

/**
 * A Gateway or ListenerSet of ours as routes see it: while it is equal, a route comes to the same at it. Whether its listeners
 * can be served is none of a route's business.
 *
 * @param gateway itself, or the one that the ListenerSet joins
 * @param clientCertificate that backends are shown
 */
record Parent(Id id, ObjectKey gateway, Optional<Certificate> clientCertificate, List<Place> places) {
    /** @param kind {@code Gateway} or {@code ListenerSet} */
    record Id(String kind, ObjectKey key) {}

    /**
     * A listener.
     *
     * @param kinds of routes that it takes
     */
    record Place(ListenerSpec spec, List<String> kinds) {}

    Parent {
        places = List.copyOf(places);
    }

    static Parent of(BoundGateway gateway) {
        return of(new Id("Gateway", gateway.key()), gateway, gateway.own);
    }

    static Parent of(BoundGateway gateway, BoundSet set) {
        return of(new Id("ListenerSet", set.set.meta().key()), gateway, set.listeners);
    }

    private static Parent of(Id id, BoundGateway gateway, List<BoundListener> listeners) {
        return new Parent(
                id,
                gateway.key(),
                gateway.clientCertificate,
                listeners.stream()
                        .map(listener -> new Place(listener.spec, listener.kinds))
                        .toList());
    }
}
