package dev.weft.dns.cluster;

import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.util.List;

/**
 * An EndpointSlice, as far as DNS is concerned.
 *
 * @param service whose endpoints these are
 * @param ports {@link Service#NO_PORT} if there are none
 * @param changed when what led to its latest change happened, in milliseconds since 1970; 0 if nobody wrote it down
 */
public record EndpointSlice(
        ObjectKey key, ObjectKey service, List<Endpoint> endpoints, List<Service.Port> ports, long changed) {

    public EndpointSlice {
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    /**
     * An endpoint.
     *
     * @param hostname empty if it has none of its own
     * @param ready unless the condition says otherwise
     */
    public record Endpoint(List<Ip> addresses, String hostname, boolean ready) {
        public Endpoint {
            addresses = List.copyOf(addresses);
        }
    }
}
