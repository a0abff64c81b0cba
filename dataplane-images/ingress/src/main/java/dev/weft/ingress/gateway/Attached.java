package dev.weft.ingress.gateway;

import dev.weft.ingress.compile.Instances;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.RuleName;
import dev.weft.ingress.route.Target;
import java.util.List;
import java.util.Set;

/** What a route is at a listener, and the hosts for which it is. */
sealed interface Attached {
    Set<HostPattern> hosts();

    /** An HTTPRoute or GRPCRoute. */
    record Http(Set<HostPattern> hosts, HttpRules.Compiled rules) implements Attached {}

    /** Another one. */
    record Stream(RuleName name, Set<HostPattern> hosts, Target target) implements Attached {}

    /**
     * Where.
     *
     * @param listener number of the listener among those of the parent
     */
    record At(Parent.Id parent, int listener, Attached attached) {}

    /** All that is attached to a listener. */
    record ToListener(List<Http> http, List<Stream> streams) {
        static final ToListener NOTHING = new ToListener(List.of(), List.of());

        public ToListener {
            http = List.copyOf(http);
            streams = List.copyOf(streams);
        }

        /** The other one if it is of the same instances: what was made of it can be kept. */
        ToListener or(ToListener known) {
            return Instances.areSame(http, known.http) && Instances.areSame(streams, known.streams) ? known : this;
        }
    }
}
