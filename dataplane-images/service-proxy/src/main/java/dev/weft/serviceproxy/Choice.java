package dev.weft.serviceproxy;

import dev.weft.kube.EndpointSlice;
import dev.weft.serviceproxy.ServiceInputs.PortEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Which endpoints of a Service port take new connections (KEP-1669, KEP-3015, KEP-2433).
 *
 * @param cluster those for traffic of policy Cluster, by topology
 * @param local those on this node, for traffic of policy Local
 * @param none whether there is none anywhere, terminating ones included
 * @param why the rules that led there, for people
 */
record Choice(List<Backend> cluster, List<Backend> local, boolean none, String why) {
    /** Slots have a number of their own in the kernel's map; nobody has so many endpoints. */
    static final int MAX_BACKENDS = 65_535;

    Choice {
        cluster = List.copyOf(cluster);
        local = List.copyOf(local);
    }

    static Choice of(List<PortEndpoint> endpoints, Site site) {
        boolean anyReady = false;
        boolean readyHere = false;
        for (PortEndpoint endpoint : endpoints) {
            boolean ready = endpoint.endpoint().ready();
            anyReady |= ready;
            readyHere |= ready && here(endpoint, site);
        }
        Topology topology = Topology.of(endpoints, site);
        List<Backend> cluster = new ArrayList<>(endpoints.size());
        List<Backend> local = new ArrayList<>(2);
        for (PortEndpoint endpoint : endpoints) {
            boolean ready = endpoint.endpoint().ready();
            if (anyReady ? ready && topology.prefers(endpoint.endpoint(), site) : endpoint.isDraining()) {
                cluster.add(endpoint.backend());
            }
            if (here(endpoint, site) && (readyHere ? ready : endpoint.isDraining())) {
                local.add(endpoint.backend());
            }
        }
        String why = anyReady ? topology.why() : cluster.isEmpty() ? "no endpoint" : "only terminating endpoints";
        return new Choice(sorted(cluster), sorted(local), cluster.isEmpty() && local.isEmpty(), why);
    }

    private static boolean here(PortEndpoint endpoint, Site site) {
        return endpoint.endpoint().node().equals(site.node());
    }

    private static List<Backend> sorted(List<Backend> backends) {
        backends.sort(null);
        return backends.size() <= MAX_BACKENDS ? backends : backends.subList(0, MAX_BACKENDS);
    }

    /** Whose hints count: used when every ready endpoint carries one and one of them is for us. */
    private enum Topology {
        SAME_NODE("ready endpoints hinted for this node"),
        SAME_ZONE("ready endpoints hinted for this zone"),
        ANY("all ready endpoints");

        private final String why;

        Topology(String why) {
            this.why = why;
        }

        static Topology of(List<PortEndpoint> endpoints, Site site) {
            if (hinted(endpoints, EndpointSlice.Hints::nodes, site.node())) {
                return SAME_NODE;
            }
            return hinted(endpoints, EndpointSlice.Hints::zones, site.zone()) ? SAME_ZONE : ANY;
        }

        private static boolean hinted(
                List<PortEndpoint> endpoints, Function<EndpointSlice.Hints, Set<String>> kind, String own) {
            boolean one = false;
            for (PortEndpoint endpoint : endpoints) {
                if (endpoint.endpoint().ready()) {
                    Set<String> names = kind.apply(endpoint.endpoint().hints());
                    if (names.isEmpty()) {
                        return false;
                    }
                    one |= names.contains(own);
                }
            }
            return one;
        }

        boolean prefers(EndpointSlice.Endpoint endpoint, Site site) {
            return switch (this) {
                case SAME_NODE -> endpoint.hints().nodes().contains(site.node());
                case SAME_ZONE -> endpoint.hints().zones().contains(site.zone());
                case ANY -> true;
            };
        }

        String why() {
            return why;
        }
    }
}
