package dev.weft.ingress.gateway.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a route wants to attach to.
 *
 * @param namespace empty if none is said: that of the route
 * @param sectionName a listener's name; empty for all listeners
 * @param port of listeners; 0 for all
 */
public record ParentRef(String group, String kind, String namespace, String name, String sectionName, int port) {
    static List<ParentRef> list(Json spec) {
        return spec.array("parentRefs").stream()
                .map(ref -> new ParentRef(
                        ref.string("group", GatewayApi.GROUP),
                        ref.string("kind", "Gateway"),
                        ref.string("namespace"),
                        ref.string("name"),
                        ref.string("sectionName"),
                        ref.integer("port")))
                .distinct()
                .toList();
    }

    /** As in a status: what the route did not say is left out there too. */
    public Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("group", group);
        fields.put("kind", kind);
        if (!namespace.isEmpty()) {
            fields.put("namespace", namespace);
        }
        fields.put("name", name);
        if (!sectionName.isEmpty()) {
            fields.put("sectionName", sectionName);
        }
        if (port != 0) {
            fields.put("port", (long) port);
        }
        return fields;
    }
}
