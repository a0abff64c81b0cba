package dev.weft.ingress.gateway.api;

import java.util.List;

/**
 * Where a route leads.
 *
 * @param port 0 if none is said
 * @param filters of this backend alone
 */
public record BackendRef(Reference ref, int port, int weight, List<FilterSpec> filters) {
    public BackendRef {
        filters = List.copyOf(filters);
    }

    static List<BackendRef> list(Json rule) {
        return rule.array("backendRefs").stream().map(BackendRef::of).toList();
    }

    static BackendRef of(Json json) {
        return new BackendRef(
                Reference.of(json, "", "Service"),
                json.integer("port"),
                Math.clamp(json.integer("weight", 1), 0, 1_000_000),
                FilterSpec.list(json));
    }
}
