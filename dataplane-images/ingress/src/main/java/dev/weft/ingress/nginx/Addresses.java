package dev.weft.ingress.nginx;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.ProxyPod;
import dev.weft.ingress.cluster.Service;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Optional;

/** Where Ingresses are reached from outside. */
final class Addresses {
    private Addresses() {}

    /** Those of the Service, its cluster addresses while it has no others; without a Service those of the proxies' nodes. */
    static List<String> of(Cluster cluster, Optional<ObjectKey> service) {
        if (service.isEmpty()) {
            return cluster.all(Kinds.PROXY_PODS).values().stream()
                    .filter(ProxyPod::ready)
                    .flatMap(pod -> pod.node().stream())
                    .distinct()
                    .sorted()
                    .map(Ip::toString)
                    .toList();
        }
        return cluster.service(service.get()).map(Addresses::of).orElse(List.of());
    }

    private static List<String> of(Service service) {
        if (!service.reachedAt().isEmpty() || service.type().equals("LoadBalancer")) {
            return service.reachedAt();
        }
        return service.clusterIps().stream().map(Ip::toString).toList();
    }
}
