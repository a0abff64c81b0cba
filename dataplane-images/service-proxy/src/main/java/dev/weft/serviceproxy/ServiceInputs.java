package dev.weft.serviceproxy;

import dev.weft.kube.EndpointSlice;
import dev.weft.kube.Service;
import dev.weft.net.Family;
import java.util.ArrayList;
import java.util.List;

/**
 * A Service and its EndpointSlices, as the API server has them.
 *
 * @param slices in the order of their names, so that the same objects give the same state
 */
record ServiceInputs(Service service, List<EndpointSlice> slices) {
    ServiceInputs {
        slices = List.copyOf(slices);
    }

    /** An endpoint of one Service port. */
    record PortEndpoint(Backend backend, EndpointSlice.Endpoint endpoint) {
        boolean isDraining() {
            return !endpoint.ready() && endpoint.serving() && endpoint.terminating();
        }
    }

    /** The endpoints of a port; one that several slices hold counts once, as the last one has it. */
    List<PortEndpoint> endpoints(Service.Port port, Family family) {
        List<PortEndpoint> found = new ArrayList<>();
        boolean several = slices.size() > 1;
        for (EndpointSlice slice : slices) {
            for (EndpointSlice.Port target : slice.ports()) {
                if (target.protocol() == port.protocol() && target.name().equals(port.name())) {
                    for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
                        if (endpoint.address().family() == family) {
                            PortEndpoint next =
                                    new PortEndpoint(new Backend(endpoint.address(), target.port()), endpoint);
                            if (several) {
                                found.removeIf(other -> other.backend().equals(next.backend()));
                            }
                            found.add(next);
                        }
                    }
                }
            }
        }
        return found;
    }
}
