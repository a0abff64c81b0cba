package dev.weft.ingress.gateway.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A listener of a Gateway or a ListenerSet.
 *
 * @param hostname lower case; empty for any
 * @param protocol such as {@code HTTPS}, or one of somebody else's
 * @param allowedRoutes whose routes may attach
 * @param kinds of routes that may attach; those of the protocol if empty
 */
public record ListenerSpec(
        String name,
        String hostname,
        int port,
        String protocol,
        Optional<Tls> tls,
        NamespaceRule allowedRoutes,
        List<RouteKind> kinds) {
    public ListenerSpec {
        kinds = List.copyOf(kinds);
    }

    public record RouteKind(String group, String kind) {}

    /** @param passthrough whether TLS ends at the backend */
    public record Tls(boolean passthrough, List<Reference> certificates) {
        public Tls {
            certificates = List.copyOf(certificates);
        }
    }

    static ListenerSpec of(Json json) {
        Json tls = json.get("tls");
        Json allowed = json.get("allowedRoutes");
        return new ListenerSpec(
                json.string("name"),
                json.string("hostname").toLowerCase(Locale.ROOT),
                json.integer("port"),
                json.string("protocol"),
                json.has("tls")
                        ? Optional.of(new Tls(
                                tls.string("mode").equals("Passthrough"),
                                tls.array("certificateRefs").stream()
                                        .map(ref -> Reference.of(ref, "", "Secret"))
                                        .toList()))
                        : Optional.empty(),
                NamespaceRule.of(allowed.get("namespaces"), NamespaceRule.From.SAME),
                allowed.array("kinds").stream()
                        .map(kind -> new RouteKind(kind.string("group", GatewayApi.GROUP), kind.string("kind")))
                        .toList());
    }
}
