package dev.weft.ingress.route;

import java.util.Map;

/**
 * What is served on which port, and by whom.
 *
 * @param ports by the number of the port that the proxy listens on, 1 to 65535
 * @param upstreams every upstream that a rule names; one that is missing is treated as one without endpoints
 */
public record Routing(Map<Integer, Port> ports, Map<UpstreamId, Upstream> upstreams) {
    /** Serves nothing. */
    public static final Routing EMPTY = new Routing(Map.of(), Map.of());

    public Routing {
        ports = Map.copyOf(ports);
        upstreams = Map.copyOf(upstreams);
    }
}
