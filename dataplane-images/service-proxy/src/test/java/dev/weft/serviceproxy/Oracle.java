package dev.weft.serviceproxy;

import dev.weft.kube.EndpointSlice;
import dev.weft.kube.Service;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What ought to happen, written down from the specification's table row by row, with nothing of the code under test.
 */
final class Oracle {
    private final String node;
    private final String zone;

    Oracle(String node, String zone) {
        this.node = node;
        this.zone = zone;
    }

    /** Where the client knocks. */
    enum Door {
        CLUSTER_IP,
        EXTERNAL_IP,
        LOAD_BALANCER,
        NODE_PORT
    }

    /**
     * @param endpoints that may answer; empty where nobody may
     * @param refused whether an error comes at once where nobody may answer; else silence
     * @param sourceKept whether the endpoint sees the client's own address
     */
    record Verdict(Set<Ip> endpoints, boolean refused, boolean sourceKept) {
        static final Verdict REFUSED = new Verdict(Set.of(), true, false);
        static final Verdict SILENCE = new Verdict(Set.of(), false, false);
    }

    Verdict verdict(Service service, List<EndpointSlice.Endpoint> endpoints, Door door, Wire.Client client, Ip source) {
        if (door == Door.LOAD_BALANCER && !service.external().sourceRanges().isEmpty()) {
            boolean inRange = false;
            for (Cidr range : service.external().sourceRanges()) {
                inRange |= range.contains(source);
            }
            if (!inRange) {
                return Verdict.SILENCE; // S6
            }
        }
        Set<Ip> everywhere = everywhere(endpoints);
        Set<Ip> here = usable(endpoints.stream()
                .filter(endpoint -> endpoint.node().equals(node))
                .toList());
        if (everywhere.isEmpty() && here.isEmpty()) {
            return Verdict.REFUSED; // S2
        }
        if (door == Door.CLUSTER_IP) {
            Set<Ip> chosen = service.internalLocal() ? here : everywhere; // S8
            return chosen.isEmpty() ? Verdict.SILENCE : new Verdict(chosen, false, client == Wire.Client.POD); // S3
        }
        if (!service.external().local()) {
            return new Verdict(everywhere, false, false); // S3
        }
        return switch (client) { // S7
            case POD -> new Verdict(everywhere, false, true);
            case NODE -> new Verdict(everywhere, false, false);
            case OUTSIDE -> here.isEmpty() ? Verdict.SILENCE : new Verdict(here, false, true);
        };
    }

    /** S11, then S12. */
    private Set<Ip> everywhere(List<EndpointSlice.Endpoint> endpoints) {
        List<EndpointSlice.Endpoint> ready =
                endpoints.stream().filter(EndpointSlice.Endpoint::ready).toList();
        if (ready.isEmpty()) {
            return usable(endpoints);
        }
        List<EndpointSlice.Endpoint> chosen = new ArrayList<>(ready);
        boolean allNodes = ready.stream().noneMatch(e -> e.hints().nodes().isEmpty());
        boolean allZones = ready.stream().noneMatch(e -> e.hints().zones().isEmpty());
        List<EndpointSlice.Endpoint> sameNode =
                ready.stream().filter(e -> e.hints().nodes().contains(node)).toList();
        List<EndpointSlice.Endpoint> sameZone =
                ready.stream().filter(e -> e.hints().zones().contains(zone)).toList();
        if (allNodes && !sameNode.isEmpty()) {
            chosen = sameNode;
        } else if (allZones && !sameZone.isEmpty()) {
            chosen = sameZone;
        }
        return addresses(chosen);
    }

    /** Ready ones, or where there is none those that serve on their way out. */
    private static Set<Ip> usable(List<EndpointSlice.Endpoint> endpoints) {
        List<EndpointSlice.Endpoint> ready =
                endpoints.stream().filter(EndpointSlice.Endpoint::ready).toList();
        return addresses(
                ready.isEmpty()
                        ? endpoints.stream()
                                .filter(e -> e.serving() && e.terminating())
                                .toList()
                        : ready);
    }

    private static Set<Ip> addresses(List<EndpointSlice.Endpoint> endpoints) {
        Set<Ip> ips = new HashSet<>();
        endpoints.forEach(endpoint -> ips.add(endpoint.address()));
        return ips;
    }
}
