package dev.weft.ingress.proxy.upstream;

import dev.weft.ingress.proxy.http.Backend;

/** Waits for a connection to an endpoint. */
public interface Waiter {
    /** Why there is none. */
    enum Unreached {
        REFUSED,
        TIMED_OUT,
        /** The handshake failed, or the certificate is not the one that is wanted. */
        TLS
    }

    /** Uses it at once, or releases it. */
    void ready(Backend connection);

    void unreached(Unreached why, String reason);
}
