package dev.weft.ingress.route;

import java.util.List;
import java.util.Optional;

/**
 * TLS to a backend.
 *
 * @param serverName sent as SNI; empty for none, which goes with {@code subjectAltNames} or without {@code verify}
 * @param authorities PEM of the CA certificates; the system's if empty and {@code verify}
 * @param subjectAltNames one of which the certificate has to have; {@code serverName} if empty
 * @param client what the proxy shows of itself
 */
public record UpstreamTls(
        String serverName,
        boolean verify,
        String authorities,
        List<String> subjectAltNames,
        Optional<Certificate> client) {
    public UpstreamTls {
        subjectAltNames = List.copyOf(subjectAltNames);
    }

    /** The same with what the proxy shows of itself. */
    public UpstreamTls showing(Optional<Certificate> shown) {
        return new UpstreamTls(serverName, verify, authorities, subjectAltNames, shown);
    }
}
