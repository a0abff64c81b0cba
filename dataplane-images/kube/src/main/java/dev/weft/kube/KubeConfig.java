package dev.weft.kube;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to reach the API.
 *
 * @param servers base addresses such as {@code https://192.0.2.1:6443}, tried in order; never empty
 * @param tokenFile file with the bearer token, read again as it rotates; none to send no token
 * @param caFile PEM file with the authorities that servers' certificates are checked against, read again when it
 *     changes; none to use the JVM's own
 * @param connectTimeout bound for TCP and TLS handshakes together, above zero
 * @param requestTimeout bound from request to response headers, and for each silence within a response that is not a
 *     watch; above zero
 */
public record KubeConfig(
        List<URI> servers,
        Optional<Path> tokenFile,
        Optional<Path> caFile,
        Duration connectTimeout,
        Duration requestTimeout) {

    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    public KubeConfig {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("no API server is given");
        }
        for (URI server : servers) {
            if (server.getHost() == null || !List.of("http", "https").contains(server.getScheme())) {
                throw new IllegalArgumentException("API server '" + server + "' is not like https://192.0.2.1:6443");
            }
        }
        if (connectTimeout.compareTo(Duration.ZERO) <= 0 || requestTimeout.compareTo(Duration.ZERO) <= 0) {
            throw new IllegalArgumentException(
                    "time-outs " + connectTimeout + ", " + requestTimeout + " are not above 0");
        }
    }

    /** With the pod's service account, and time-outs that suit a node: 5 s to connect, 30 s for an answer. */
    public static KubeConfig inPod(List<URI> servers) {
        return new KubeConfig(
                servers,
                Optional.of(SERVICE_ACCOUNT.resolve("token")),
                Optional.of(SERVICE_ACCOUNT.resolve("ca.crt")),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30));
    }

    /** Plain HTTP or a publicly trusted server, no token: for tests and tools. */
    public static KubeConfig anonymous(List<URI> servers) {
        return new KubeConfig(
                servers, Optional.empty(), Optional.empty(), Duration.ofSeconds(5), Duration.ofSeconds(30));
    }

    /** The same with another bound from request to response headers. */
    public KubeConfig withRequestTimeout(Duration other) {
        return new KubeConfig(servers, tokenFile, caFile, connectTimeout, other);
    }
}
