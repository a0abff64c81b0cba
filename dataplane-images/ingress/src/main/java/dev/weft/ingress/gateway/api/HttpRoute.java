package dev.weft.ingress.gateway.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTPRoute, or a GRPCRoute: a gRPC method is a path ({@code /service/method}), so that what is said of methods is said
 * of paths here.
 */
public record HttpRoute(
        String kind,
        Meta meta,
        List<ParentRef> parents,
        List<String> hostnames,
        List<Rule> rules,
        Map<String, Object> status)
        implements Route {
    public HttpRoute {
        parents = List.copyOf(parents);
        hostnames = List.copyOf(hostnames);
        rules = List.copyOf(rules);
        status = Map.copyOf(status);
    }

    @Override
    public boolean saysAs(Route before) {
        return before instanceof HttpRoute that
                && kind.equals(that.kind)
                && meta.isOf(that.meta)
                && parents.equals(that.parents)
                && hostnames.equals(that.hostnames)
                && rules.equals(that.rules);
    }

    /** Whether backends are spoken to in HTTP/2 whatever their ports say. */
    public boolean isGrpc() {
        return kind.equals("GRPCRoute");
    }

    /**
     * @param matches one at least
     * @param timeout of a request as a whole; a GEP-2257 duration, empty if there is none
     * @param backendTimeout of each try
     */
    public record Rule(
            List<Match> matches,
            List<FilterSpec> filters,
            List<BackendRef> backends,
            String timeout,
            String backendTimeout,
            Optional<RetrySpec> retry,
            Optional<Session> session) {
        public Rule {
            matches = List.copyOf(matches);
            filters = List.copyOf(filters);
            backends = List.copyOf(backends);
        }
    }

    public record Match(PathSpec path, String method, List<Field> headers, List<Field> query) {
        public Match {
            headers = List.copyOf(headers);
            query = List.copyOf(query);
        }
    }

    /** @param type such as {@code Exact}, {@code PathPrefix}, {@code RegularExpression}, or {@link #METHOD} */
    public record PathSpec(String type, String value) {
        /** A method of any gRPC service: an expression, but less than the name of a service (GRPCRouteMatch). */
        public static final String METHOD = "GrpcMethod";
    }

    /** @param type {@code Exact} or {@code RegularExpression} */
    public record Field(String type, String name, String value) {}

    /**
     * @param attempts 0 if not said
     * @param backoff a GEP-2257 duration; empty if not said
     */
    public record RetrySpec(List<Integer> codes, int attempts, String backoff) {
        public RetrySpec {
            codes = List.copyOf(codes);
        }
    }

    /**
     * @param name of the cookie; empty if not said
     * @param type {@code Cookie} or {@code Header}
     * @param timeout a GEP-2257 duration; empty if there is none
     * @param permanent whether the cookie outlives the client's session
     */
    public record Session(String name, String type, String timeout, boolean permanent) {
        static Optional<Session> of(Json rule) {
            Json json = rule.get("sessionPersistence");
            if (!rule.has("sessionPersistence")) {
                return Optional.empty();
            }
            return Optional.of(new Session(
                    json.string("sessionName"),
                    json.string("type", "Cookie"),
                    json.string("absoluteTimeout"),
                    json.get("cookieConfig").string("lifetimeType").equals("Permanent")));
        }
    }
}
