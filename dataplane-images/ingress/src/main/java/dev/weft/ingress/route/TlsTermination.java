package dev.weft.ingress.route;

import java.util.List;
import java.util.Optional;

/**
 * How TLS ends at the proxy.
 *
 * @param certificates one at least; the first is shown unless another's names fit the server name better
 * @param http2 whether {@code h2} is offered (ALPN)
 */
public record TlsTermination(
        List<Certificate> certificates, Version oldest, boolean http2, Optional<ClientAuth> clients) {
    public TlsTermination {
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("TLS needs a certificate");
        }
    }

    /** Versions of TLS. */
    public enum Version {
        TLS_1_2,
        TLS_1_3
    }

    /**
     * Certificates of clients.
     *
     * @param authorities PEM of the CA certificates
     * @param depth of the chain, 1 to 10
     * @param pass whether the backend is told the certificate, in {@code ssl-client-cert}
     */
    public record ClientAuth(String authorities, Mode mode, int depth, boolean pass) {
        public enum Mode {
            REQUIRED,
            /** As {@link #REQUIRED}, but the handshake fails without one that is good: no request is answered. */
            HANDSHAKE,
            /** Asked for, and verified if there is one. */
            OPTIONAL,
            /** Asked for, and taken whoever has signed it. */
            UNVERIFIED
        }
    }
}
