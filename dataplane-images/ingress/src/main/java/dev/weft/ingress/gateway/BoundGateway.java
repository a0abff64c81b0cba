package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.api.Gateway;
import dev.weft.ingress.gateway.api.ListenerSet;
import dev.weft.ingress.route.Certificate;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A Gateway of ours with all its listeners, while it is found out what it does. */
final class BoundGateway {
    /** A ListenerSet that wants to join. */
    static final class BoundSet {
        final ListenerSet set;
        final Optional<Problem> refused;
        final List<BoundListener> listeners = new ArrayList<>();

        BoundSet(ListenerSet set, Optional<Problem> refused) {
            this.set = set;
            this.refused = refused;
        }

        boolean isAccepted() {
            return refused.isEmpty() && listeners.stream().anyMatch(BoundListener::isUsable);
        }
    }

    final Gateway gateway;
    final List<BoundListener> own = new ArrayList<>();
    final Map<ObjectKey, BoundSet> sets = new LinkedHashMap<>();
    final ServiceSettings settings;
    final Optional<Problem> refused;
    Optional<Certificate> clientCertificate = Optional.empty();
    Optional<Problem> unresolved = Optional.empty();
    boolean insecureClients;

    /** @param refused why nothing of it is served, whatever its listeners are */
    BoundGateway(Gateway gateway, ServiceSettings settings, Optional<Problem> refused) {
        this.gateway = gateway;
        this.settings = settings;
        this.refused = refused;
    }

    ObjectKey key() {
        return gateway.meta().key();
    }

    /** Its own, then those of its ListenerSets: who comes first has its port and host. */
    Stream<BoundListener> listeners() {
        return Stream.concat(own.stream(), sets.values().stream().flatMap(set -> set.listeners.stream()));
    }

    boolean isAccepted() {
        return refused.isEmpty() && own.stream().anyMatch(BoundListener::isAccepted);
    }
}
