package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.api.GatewayApi;
import dev.weft.ingress.gateway.api.Reference;
import dev.weft.ingress.gateway.api.ReferenceGrant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who may refer to what across namespaces. */
final class Grants {
    static final Grants NONE = new Grants(List.of());

    private final Map<String, List<ReferenceGrant>> byNamespace = new HashMap<>();

    Grants(Collection<ReferenceGrant> grants) {
        for (ReferenceGrant grant : grants) {
            byNamespace
                    .computeIfAbsent(grant.meta().namespace(), key -> new ArrayList<>())
                    .add(grant);
        }
    }

    /**
     * Whether an object may refer to another; always within its namespace.
     *
     * @param kind of Gateway API, of who refers
     */
    boolean allow(String kind, String namespace, Reference to) {
        String target = to.from(namespace).namespace();
        return target.equals(namespace) || allow(in(target), kind, namespace, to);
    }

    /** Those of a namespace, in no order. */
    List<ReferenceGrant> in(String namespace) {
        return byNamespace.getOrDefault(namespace, List.of());
    }

    /** Whether one of those where an object is lets another namespace refer to it. */
    static boolean allow(List<ReferenceGrant> grants, String kind, String namespace, Reference to) {
        return grants.stream().anyMatch(grant -> allows(grant, kind, namespace, to));
    }

    private static boolean allows(ReferenceGrant grant, String kind, String namespace, Reference to) {
        return grant.from().stream()
                        .anyMatch(from -> from.group().equals(GatewayApi.GROUP)
                                && from.kind().equals(kind)
                                && from.namespace().equals(namespace))
                && grant.to().stream()
                        .anyMatch(target -> to.is(target.group(), target.kind())
                                && (target.name().isEmpty() || target.name().equals(to.name())));
    }
}
