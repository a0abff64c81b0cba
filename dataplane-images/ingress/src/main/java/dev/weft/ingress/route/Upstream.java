package dev.weft.ingress.route;

import dev.weft.net.Ip;
import java.util.List;
import java.util.Optional;

/**
 * The endpoints of a Service port, and how they are spoken to.
 *
 * @param endpoints those that take new requests; without any the answer is 503
 */
public record Upstream(
        UpstreamId id, List<Endpoint> endpoints, Protocol protocol, Optional<UpstreamTls> tls, Balancing balancing) {
    public Upstream {
        endpoints = List.copyOf(endpoints);
    }

    /** @param port 1 to 65535 */
    public record Endpoint(Ip address, int port) {}

    /** What is spoken. */
    public enum Protocol {
        HTTP1,
        /** HTTP/2: with prior knowledge (RFC 9113, 3.3), or by ALPN if there is TLS. */
        HTTP2
    }

    /** Who of the endpoints is asked. */
    public sealed interface Balancing {
        /** The one with fewer open requests of two taken at random. */
        record LeastRequest() implements Balancing {}

        record RoundRobin() implements Balancing {}

        /**
         * The same one for the same key, as long as it is there (rendezvous hashing).
         *
         * @param key variables of {@code upstream-hash-by}: {@code $remote_addr}, {@code $request_uri}, {@code $http_NAME},
         *     {@code $arg_NAME}, {@code $cookie_NAME} and text
         */
        record Hash(String key) implements Balancing {}
    }
}
