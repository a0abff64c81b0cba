package dev.weft.ingress.nginx;

import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.Target.Backend;
import dev.weft.ingress.route.Target.Destination;
import java.util.List;
import java.util.Optional;

/**
 * Who answers.
 *
 * @param plan of the upstream; empty if the proxy answers itself
 * @param status if it does
 * @param vhost that the upstream is asked for; as the client did if empty
 */
record Answer(Optional<UpstreamPlan> plan, int status, Optional<String> vhost) {
    /** Nobody is there for this: as ingress-nginx' default backend. */
    static final Answer NOT_FOUND = new Answer(Optional.empty(), 404, Optional.empty());

    /** What is there cannot be asked. */
    static final Answer UNAVAILABLE = new Answer(Optional.empty(), 503, Optional.empty());

    Backend weighing(int weight) {
        Destination destination =
                plan.isPresent() ? new Destination.To(plan.get().id()) : new Destination.Respond(status);
        List<Filter> filters = vhost.isPresent() ? List.of(new Filter.Rewrite(vhost, Optional.empty())) : List.of();
        return new Backend(destination, weight, filters);
    }

    Target target() {
        return new Target(List.of(weighing(1)));
    }
}
