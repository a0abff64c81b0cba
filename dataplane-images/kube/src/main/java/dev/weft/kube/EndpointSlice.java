package dev.weft.kube;

import dev.weft.net.Ip;
import java.util.List;
import java.util.Set;

/**
 * An EndpointSlice (discovery.k8s.io/v1), as far as a node's service proxy is concerned.
 *
 * @param service the Service it belongs to (label {@code kubernetes.io/service-name}); names no Service with an empty
 *     string where there is no such label
 * @param ports all of them; without a number ({@code null} in the API: every port) left out
 * @param endpoints of the address types IPv4 and IPv6 only
 * @param changedAtMillis when the change that it tells of began, in milliseconds since the epoch (annotation
 *     {@code endpoints.kubernetes.io/last-change-trigger-time}); 0 where unknown
 */
public record EndpointSlice(String service, List<Port> ports, List<Endpoint> endpoints, long changedAtMillis) {
    public EndpointSlice {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }

    /**
     * @param name that of the Service's port; may be empty
     * @param protocol IP protocol number; 0 for one that this release does not know
     * @param port 1 to 65535
     */
    public record Port(String name, int protocol, int port) {}

    /**
     * @param address the first of its addresses, which are interchangeable
     * @param node the node it runs on; empty where unknown
     * @param ready takes new connections
     * @param serving would take connections, though it may be terminating
     * @param terminating on its way out
     * @param hints who should prefer it
     */
    public record Endpoint(Ip address, String node, boolean ready, boolean serving, boolean terminating, Hints hints) {}

    /**
     * Names of zones and nodes whose clients should use the endpoint; both may be empty.
     *
     * @param zones {@code hints.forZones}
     * @param nodes {@code hints.forNodes}
     */
    public record Hints(Set<String> zones, Set<String> nodes) {
        public static final Hints NONE = new Hints(Set.of(), Set.of());

        public Hints {
            zones = Set.copyOf(zones);
            nodes = Set.copyOf(nodes);
        }
    }
}
