package dev.weft.ingress.control;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.Service;
import dev.weft.kube.KindSpec;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where Ingresses are reached: at the Service in front of the proxies (its load balancer or external addresses, otherwise its
 * cluster addresses), or, without one, at the nodes on whose network proxies run.
 */
public final class IngressAddresses {
    private final Optional<ObjectKey> service;
    private final Kind<Pod> pods;

    /**
     * @param namespace of the proxies
     * @param service in front of them
     */
    public IngressAddresses(String namespace, Optional<ObjectKey> service) {
        this.service = service;
        this.pods = pods(namespace);
    }

    /** What has to be watched: the proxies' own pods where there is no Service. */
    public Optional<Kind<Pod>> watched() {
        return service.isEmpty() ? Optional.of(pods) : Optional.empty();
    }

    private static Kind<Pod> pods(String namespace) {
        KindSpec<Pod> all = KindSpec.pods();
        return new Kind<>(
                new KindSpec<>(
                        all.name(),
                        "/api/v1/namespaces/" + namespace + "/pods",
                        ServiceWrite.SELECTOR_TEXT,
                        "",
                        all.decoder()),
                Pod.class,
                true);
    }

    /** In a fixed order; none while they are not known. */
    List<String> of(Cluster cluster) {
        if (service.isPresent()) {
            return service.flatMap(cluster::service).map(IngressAddresses::of).orElse(List.of());
        }
        return cluster.all(pods).values().stream()
                .filter(pod -> pod.hostNetwork() && !pod.finished())
                .flatMap(pod -> pod.ips().stream())
                .distinct()
                .sorted()
                .map(Ip::toString)
                .toList();
    }

    private static List<String> of(Service found) {
        return found.reachedAt().isEmpty()
                ? found.clusterIps().stream().map(Ip::toString).toList()
                : found.reachedAt();
    }

    /** The fields of a status to be changed. */
    static Map<String, Object> status(List<String> addresses) {
        List<Map<String, String>> ingress = addresses.stream()
                .map(address -> Map.of(isAddress(address) ? "ip" : "hostname", address))
                .toList();
        return Map.of("status", Map.of("loadBalancer", Map.of("ingress", ingress)));
    }

    private static boolean isAddress(String text) {
        try {
            Ip.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
