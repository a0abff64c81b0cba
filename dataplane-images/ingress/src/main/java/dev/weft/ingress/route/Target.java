package dev.weft.ingress.route;

import java.util.List;

/**
 * Where requests, connections or datagrams go: to each backend by its share of the weights.
 *
 * @param backends one at least; those of weight 0 get nothing, and if all have it the answer is 500
 */
public record Target(List<Backend> backends) {
    public Target {
        backends = List.copyOf(backends);
        if (backends.isEmpty()) {
            throw new IllegalArgumentException(
                    "a target has a backend; use Target.respond for an answer of the proxy's own");
        }
    }

    /** All to one upstream. */
    public static Target to(UpstreamId upstream) {
        return new Target(List.of(new Backend(new Destination.To(upstream), 1, List.of())));
    }

    /** An answer of the proxy's own; streams are refused. */
    public static Target respond(int status) {
        return new Target(List.of(new Backend(new Destination.Respond(status), 1, List.of())));
    }

    /**
     * One of several.
     *
     * @param weight 0 to 1,000,000
     * @param filters for what goes to this backend, after those of the rule
     */
    public record Backend(Destination destination, int weight, List<Filter> filters) {
        public Backend {
            filters = List.copyOf(filters);
            if (weight < 0 || weight > 1_000_000) {
                throw new IllegalArgumentException("weight " + weight + " is not within 0 to 1000000");
            }
        }
    }

    /** Who answers. */
    public sealed interface Destination {
        record To(UpstreamId upstream) implements Destination {}

        /** The proxy itself: a reference that cannot be followed is 500, for example. */
        record Respond(int status) implements Destination {}
    }
}
