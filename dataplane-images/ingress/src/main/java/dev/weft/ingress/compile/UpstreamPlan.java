package dev.weft.ingress.compile;

import dev.weft.ingress.cluster.Service;
import dev.weft.ingress.route.Upstream;
import dev.weft.ingress.route.Upstream.Balancing;
import dev.weft.ingress.route.Upstream.Protocol;
import dev.weft.ingress.route.UpstreamId;
import dev.weft.ingress.route.UpstreamTls;
import dev.weft.kube.ObjectKey;
import java.util.List;
import java.util.Optional;

/** An upstream before its endpoints are known. */
public record UpstreamPlan(Source source, Protocol protocol, Optional<UpstreamTls> tls, Balancing balancing) {
    /** Where endpoints come from. */
    public sealed interface Source {
        /**
         * The EndpointSlices of a Service, or the addresses of the name that an ExternalName has.
         *
         * @param port of the Service
         * @param protocol IP protocol number
         */
        record OfService(ObjectKey service, int port, int protocol) implements Source {}

        /** The cluster address of a Service, whose endpoints are then chosen on the way. */
        record OfClusterIp(ObjectKey service, int port) implements Source {}

        /** A host by its name, or an address. */
        record OfHost(String host, int port) implements Source {}
    }

    /** Plain HTTP/1.1 to a port of a Service. */
    public static UpstreamPlan http(ObjectKey service, int port) {
        return new UpstreamPlan(
                new Source.OfService(service, port, Service.TCP),
                Protocol.HTTP1,
                Optional.empty(),
                new Balancing.LeastRequest());
    }

    public UpstreamPlan withProtocol(Protocol other) {
        return new UpstreamPlan(source, other, tls, balancing);
    }

    public UpstreamPlan withTls(UpstreamTls other) {
        return new UpstreamPlan(source, protocol, Optional.of(other), balancing);
    }

    public UpstreamPlan withBalancing(Balancing other) {
        return new UpstreamPlan(source, protocol, tls, other);
    }

    /** The same for equal plans, another one for others. */
    public UpstreamId id() {
        String variant = variant();
        return switch (source) {
            case Source.OfService(ObjectKey service, int port, int ip) ->
                new UpstreamId(
                        service.namespace(), service.name(), port, ip == Service.TCP ? variant : "udp" + variant);
            case Source.OfClusterIp(ObjectKey service, int port) ->
                new UpstreamId(service.namespace(), service.name(), port, "cluster-ip" + variant);
            case Source.OfHost(String host, int port) -> new UpstreamId("", host, port, variant);
        };
    }

    /** Readable as far as possible, since logs and metrics show it. */
    private String variant() {
        StringBuilder text = new StringBuilder();
        if (protocol == Protocol.HTTP2) {
            text.append("h2");
        }
        tls.ifPresent(to -> text.append("tls-")
                .append(Digest.of(
                        to.serverName(),
                        Boolean.toString(to.verify()),
                        to.authorities(),
                        String.join(",", to.subjectAltNames()),
                        to.client()
                                .map(shown -> shown.name() + shown.chain() + shown.key())
                                .orElse(""))));
        switch (balancing) {
            case Balancing.LeastRequest() -> {}
            case Balancing.RoundRobin() -> text.append("rr");
            case Balancing.Hash(String key) -> text.append("hash-").append(Digest.of(key));
        }
        return text.toString();
    }

    Upstream with(List<Upstream.Endpoint> endpoints) {
        return new Upstream(id(), endpoints, protocol, tls, balancing);
    }
}
