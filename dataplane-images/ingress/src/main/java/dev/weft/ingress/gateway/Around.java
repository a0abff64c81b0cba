package dev.weft.ingress.gateway;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.kube.ObjectKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All that routes look at besides themselves, at one moment. */
record Around(Cluster cluster, Grants grants, TlsPolicies policies, Map<Parent.Id, Parent> parents) {
    private static final List<Kind<?>> KINDS = List.of(Kinds.SERVICES, Kinds.NAMESPACES, GatewayKinds.REFERENCE_GRANTS);

    /** Before anything is known. */
    static final Around NOTHING = new Around(Cluster.EMPTY, Grants.NONE, TlsPolicies.NONE, Map.of());

    Around {
        parents = Map.copyOf(parents);
    }

    /** What comes next: parents that are equal stay the same instances. */
    Around next(Cluster now, Grants grantsNow, TlsPolicies policiesNow, Collection<BoundGateway> gateways) {
        Map<Parent.Id, Parent> found = new HashMap<>();
        for (BoundGateway gateway : gateways) {
            add(found, Parent.of(gateway));
            gateway.sets.values().forEach(set -> add(found, Parent.of(gateway, set)));
        }
        return new Around(now, grantsNow, policiesNow, found);
    }

    private void add(Map<Parent.Id, Parent> found, Parent parent) {
        Parent known = parents.get(parent.id());
        found.put(parent.id(), parent.equals(known) ? known : parent);
    }

    Map<String, String> labels(String namespace) {
        return cluster.get(Kinds.NAMESPACES, ObjectKey.of(namespace))
                .map(found -> found.labels())
                .orElse(Map.of());
    }

    /** Whether no route can find anything here that is other than before. */
    @SuppressWarnings("ReferenceEquality") // of what is not known nothing can be kept
    boolean isAs(Around before) {
        return before != NOTHING
                && cluster.hasSame(KINDS, before.cluster)
                && parents.equals(before.parents)
                && policies.services().equals(before.policies.services());
    }
}
