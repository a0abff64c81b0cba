package dev.weft.ingress.compile;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Service;
import dev.weft.ingress.compile.UpstreamPlan.Source;
import dev.weft.ingress.route.Upstream;
import dev.weft.kube.EndpointSlice;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Who answers for a Service port. */
public final class Endpoints {
    private static final Comparator<Upstream.Endpoint> ORDER =
            Comparator.comparing(Upstream.Endpoint::address).thenComparingInt(Upstream.Endpoint::port);

    private Endpoints() {}

    /** In a fixed order, each once. */
    public static List<Upstream.Endpoint> of(Cluster cluster, Source source) {
        return switch (source) {
            case Source.OfService(ObjectKey key, int port, int protocol) ->
                cluster.service(key)
                        .map(service -> service.isExternalName()
                                ? ofHost(cluster, service.externalName(), port)
                                : ofSlices(cluster, service, port, protocol))
                        .orElse(List.of());
            case Source.OfClusterIp(ObjectKey key, int port) ->
                cluster.service(key)
                        .map(service ->
                                at(service.clusterIps().stream().limit(1).toList(), port))
                        .orElse(List.of());
            case Source.OfHost(String host, int port) -> ofHost(cluster, host, port);
        };
    }

    /** The name that has to be looked up for a source. */
    static Optional<String> name(Cluster cluster, Source source) {
        return switch (source) {
            case Source.OfService(ObjectKey key, int port, int protocol) ->
                cluster.service(key).map(Service::externalName).filter(Predicate.not(Endpoints::isNone));
            case Source.OfClusterIp clusterIp -> Optional.empty();
            case Source.OfHost(String host, int port) -> Optional.of(host).filter(Predicate.not(Endpoints::isNone));
        };
    }

    private static boolean isNone(String name) {
        return name.isEmpty() || address(name).isPresent();
    }

    private static List<Upstream.Endpoint> ofHost(Cluster cluster, String host, int port) {
        return at(address(host).map(List::of).orElseGet(() -> cluster.addresses(host)), port);
    }

    private static Optional<Ip> address(String text) {
        try {
            return Optional.of(Ip.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<Upstream.Endpoint> at(List<Ip> addresses, int port) {
        return addresses.stream()
                .map(address -> new Upstream.Endpoint(address, port))
                .sorted(ORDER)
                .distinct()
                .toList();
    }

    /** Those that are ready; if there are none, those that still serve while they end (KEP-1669). */
    private static List<Upstream.Endpoint> ofSlices(Cluster cluster, Service service, int number, int protocol) {
        Optional<Service.Port> port = service.port(number, protocol);
        if (port.isEmpty()) {
            return List.of();
        }
        List<EndpointSlice> slices = cluster.endpointSlices(service.key());
        List<Upstream.Endpoint> ready = collect(slices, service, port.get(), EndpointSlice.Endpoint::ready);
        return ready.isEmpty()
                ? collect(slices, service, port.get(), endpoint -> endpoint.serving() && endpoint.terminating())
                : ready;
    }

    /** A Pod of two families is one endpoint: of the Service's first family, unless there is none of that. */
    private static List<Upstream.Endpoint> collect(
            List<EndpointSlice> slices, Service service, Service.Port port, Predicate<EndpointSlice.Endpoint> taken) {
        List<Upstream.Endpoint> first = new ArrayList<>();
        List<Upstream.Endpoint> second = new ArrayList<>();
        for (EndpointSlice slice : slices) {
            for (EndpointSlice.Port target : slice.ports()) {
                if (target.protocol() != port.protocol() || !target.name().equals(port.name())) {
                    continue;
                }
                for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
                    if (taken.test(endpoint)) {
                        List<Upstream.Endpoint> to = endpoint.address().family() == service.family() ? first : second;
                        to.add(new Upstream.Endpoint(endpoint.address(), target.port()));
                    }
                }
            }
        }
        return (first.isEmpty() ? second : first)
                .stream().sorted(ORDER).distinct().toList();
    }
}
