package dev.weft.kube;

import org.jspecify.annotations.Nullable;

/** No API server answered: refused connections, time-outs, TLS failures, connections that broke, no readable token. */
public final class KubeUnreachableException extends KubeException {
    private static final long serialVersionUID = 1L;

    KubeUnreachableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
