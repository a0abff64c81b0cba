package dev.weft.ingress.nginx;

import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.compile.UpstreamPlan.Source;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HeaderEdits.Field;
import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.Target.Backend;
import dev.weft.ingress.route.Target.Destination;
import dev.weft.kube.ObjectKey;
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

    /** What error pages are told of it. */
    List<Field> names() {
        return plan.map(to -> switch (to.source()) {
                    case Source.OfService(ObjectKey service, int port, int protocol) -> names(service, port);
                    case Source.OfClusterIp(ObjectKey service, int port) -> names(service, port);
                    case Source.OfHost host -> List.<Field>of();
                })
                .orElse(List.of());
    }

    private static List<Field> names(ObjectKey service, int port) {
        return List.of(
                new Field("X-Service-Name", service.name()), new Field("X-Service-Port", Integer.toString(port)));
    }

    Target target() {
        return new Target(List.of(weighing(1)));
    }
}
