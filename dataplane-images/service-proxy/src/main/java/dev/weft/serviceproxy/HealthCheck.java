package dev.weft.serviceproxy;

import dev.weft.kube.EndpointSlice;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Service;
import dev.weft.net.Family;
import java.util.Optional;

/**
 * What a load balancer asks of this node about a Service of externalTrafficPolicy Local.
 *
 * @param port healthCheckNodePort
 * @param localEndpoints ready endpoints on this node; terminating ones are not ready
 */
record HealthCheck(ObjectKey service, int port, int localEndpoints) {

    static Optional<HealthCheck> of(ServiceInputs inputs, Site site) {
        Service service = inputs.service();
        int port = service.external().healthCheckNodePort();
        if (port == 0) {
            return Optional.empty();
        }
        Family family = service.clusterIps().getFirst().family();
        long local = inputs.slices().stream()
                .flatMap(slice -> slice.endpoints().stream())
                .filter(endpoint -> endpoint.ready()
                        && endpoint.node().equals(site.node())
                        && endpoint.address().family() == family)
                .map(EndpointSlice.Endpoint::address)
                .distinct()
                .count();
        return Optional.of(new HealthCheck(service.key(), port, (int) local));
    }

    /** The body that kube-proxy answers with. */
    String json(boolean proxyHealthy) {
        return "{\"service\":{\"namespace\":\"" + service.namespace() + "\",\"name\":\"" + service.name()
                + "\"},\"localEndpoints\":" + localEndpoints + ",\"serviceProxyHealthy\":" + proxyHealthy + "}";
    }
}
