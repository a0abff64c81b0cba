package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.api.HttpRoute;
import dev.weft.ingress.gateway.api.HttpRoute.PathSpec;
import dev.weft.ingress.gateway.api.Meta;
import java.util.Comparator;

/**
 * Which of the rules of a host comes first, if several fit a request (HTTPRouteRule and GRPCRouteRule, {@code matches}):
 * exact paths, expressions, then prefixes from the longest; then those with a method, more header fields, more query
 * parameters; then the older route, then by namespace and name, then by the order in the route.
 *
 * @param rank of the way in which the path is compared
 * @param length of a path that is compared by prefix
 * @param position of the match in the route
 */
record Precedence(
        int rank, int length, boolean method, int headers, int queryParams, Meta route, String kind, int position)
        implements Comparable<Precedence> {
    private static final Comparator<Precedence> ORDER = Comparator.comparingInt(Precedence::rank)
            .thenComparing(Comparator.comparingInt(Precedence::length).reversed())
            .thenComparing(Precedence::method, Comparator.reverseOrder())
            .thenComparing(Comparator.comparingInt(Precedence::headers).reversed())
            .thenComparing(Comparator.comparingInt(Precedence::queryParams).reversed())
            .thenComparing(Precedence::route, Meta.OLDEST_FIRST)
            .thenComparing(Precedence::kind)
            .thenComparingInt(Precedence::position);

    static Precedence of(HttpRoute route, HttpRoute.Match match, int position) {
        PathSpec path = match.path();
        int rank = switch (path.type()) {
            case "Exact" -> 0;
            case "RegularExpression" -> 1;
            default -> 2;
        };
        // A method of any gRPC service is less than a service, and more than nothing said.
        int length = switch (path.type()) {
            case "PathPrefix" -> 2 * path.value().length();
            case PathSpec.METHOD -> 3;
            default -> 0;
        };
        return new Precedence(
                rank,
                length,
                !match.method().isEmpty(),
                match.headers().size(),
                match.query().size(),
                route.meta(),
                route.kind(),
                position);
    }

    @Override
    public int compareTo(Precedence other) {
        return ORDER.compare(this, other);
    }
}
