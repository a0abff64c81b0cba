package dev.weft.serviceproxy;

import dev.weft.kube.EndpointSlice;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Service;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;

/** Services for examples. */
final class Samples {
    static final ObjectKey WEB = new ObjectKey("shop", "web");

    private Samples() {}

    /** TCP and UDP port 80 by a ClusterIP and node port 30080. */
    static Service web(Ip clusterIp, int affinitySeconds) {
        return new Service(
                WEB,
                "NodePort",
                List.of(clusterIp),
                List.of(new Service.Port("t", 6, 80, 30_080), new Service.Port("u", 17, 80, 30_080)),
                Service.External.NONE,
                false,
                affinitySeconds);
    }

    static EndpointSlice slice(Ip... ready) {
        List<EndpointSlice.Endpoint> endpoints = new ArrayList<>();
        for (Ip ip : ready) {
            endpoints.add(endpoint(ip, "node-0", true, true, false));
        }
        return slice(endpoints);
    }

    static EndpointSlice slice(List<EndpointSlice.Endpoint> endpoints) {
        return new EndpointSlice(
                WEB.name(),
                List.of(new EndpointSlice.Port("t", 6, Wire.TARGET), new EndpointSlice.Port("u", 17, Wire.TARGET)),
                endpoints,
                0);
    }

    static EndpointSlice.Endpoint endpoint(Ip ip, String node, boolean ready, boolean serving, boolean terminating) {
        return new EndpointSlice.Endpoint(ip, node, ready, serving, terminating, EndpointSlice.Hints.NONE);
    }
}
