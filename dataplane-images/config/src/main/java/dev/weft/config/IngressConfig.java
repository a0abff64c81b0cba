package dev.weft.config;

import dev.weft.net.Cidr;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What an ingress proxy is told. It may change under a running proxy, except for the API servers and the ports.
 *
 * @param apiServers base URLs, tried in order; never empty
 * @param namespace of the proxies, where the Services of Gateways are made
 * @param classes names of IngressClasses that are served besides those of the controller {@code weft.dev/ingress}
 * @param gatewayApi whether Gateways and routes are served; without their CRDs nothing of them is watched
 * @param httpPort where the proxy listens for HTTP of Ingresses, 1 to 65535
 * @param httpsPort likewise for TLS
 * @param defaultCertificate {@code namespace/name} of the Secret that is shown where no other fits; one made by the proxy
 *     itself if empty
 * @param service {@code namespace/name} of the Service in front of the proxies, whose addresses Ingresses are told; without
 *     it those of the nodes that run proxies
 * @param proxyProtocol whether each connection begins with a PROXY protocol header (v1 or v2) from one of
 *     {@code trustedProxies}
 * @param trustedProxies whose {@code X-Forwarded-*} and {@code Forwarded} fields, and PROXY headers, are believed
 * @param accessLog whether each request is logged, one JSON object a line
 * @param limits what clients may use up
 * @param drainSeconds how long requests and connections go on after the proxy was told to stop, 0 to 3600
 */
public record IngressConfig(
        List<URI> apiServers,
        String namespace,
        List<String> classes,
        boolean gatewayApi,
        int httpPort,
        int httpsPort,
        Optional<String> defaultCertificate,
        Optional<String> service,
        boolean proxyProtocol,
        List<Cidr> trustedProxies,
        boolean accessLog,
        Limits limits,
        int drainSeconds) {
    /** IngressClasses and GatewayClasses with this {@code spec.controller} are Weft's. */
    public static final String CONTROLLER = "weft.dev/ingress";

    /**
     * What clients may use up.
     *
     * @param headerBytes of all header fields of a request, 431 above; 1024 to 1048576
     * @param headerSeconds from the first byte of a request to the end of its header fields, 408 above
     * @param idleSeconds a connection without a request is kept
     * @param streams of one HTTP/2 connection at one time
     * @param connections of clients in all; new ones wait above
     */
    public record Limits(int headerBytes, int headerSeconds, int idleSeconds, int streams, int connections) {
        public static final Limits DEFAULT = new Limits(32 * 1024, 10, 75, 128, 65_536);

        public Limits {
            check("limits.headerBytes", headerBytes, 1024, 1024 * 1024);
            check("limits.headerSeconds", headerSeconds, 1, 3600);
            check("limits.idleSeconds", idleSeconds, 1, 86_400);
            check("limits.streams", streams, 1, 10_000);
            check("limits.connections", connections, 1, 10_000_000);
        }
    }

    public IngressConfig {
        apiServers = List.copyOf(apiServers);
        classes = List.copyOf(classes);
        trustedProxies = List.copyOf(trustedProxies);
        if (apiServers.isEmpty()) {
            throw new IllegalArgumentException("apiServers is empty: the proxy needs an address of the API server");
        }
        if (namespace.isBlank()) {
            throw new IllegalArgumentException("namespace is empty");
        }
        if (httpPort == httpsPort) {
            throw new IllegalArgumentException("httpPort and httpsPort are both " + httpPort);
        }
        checkName("defaultCertificate", defaultCertificate);
        checkName("service", service);
        check("httpPort", httpPort, 1, 65535);
        check("httpsPort", httpsPort, 1, 65535);
        check("drainSeconds", drainSeconds, 0, 3600);
    }

    private static void check(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s %d is not between %d and %d".formatted(field, value, least, most));
        }
    }

    private static void checkName(String field, Optional<String> name) {
        if (name.isPresent() && !name.get().matches("[^/]+/[^/]+")) {
            throw new IllegalArgumentException(field + " '" + name.get() + "' is not namespace/name");
        }
    }
}
