package dev.weft.ingress.gateway.api;

import java.util.List;
import java.util.Map;

/** A route of any kind, as far as attaching goes. */
public sealed interface Route permits HttpRoute, StreamRoute {
    String kind();

    Meta meta();

    List<ParentRef> parents();

    /** Empty for all of the listener. */
    List<String> hostnames();

    Map<String, Object> status();

    /** Whether another state of the route differs in its status and versions alone. */
    boolean saysAs(Route before);
}
