package dev.weft.cni.routes;

import org.jspecify.annotations.Nullable;

/** The node is not in a state in which its network can be set up; the message tells what to do about it. */
public final class NodeNetworkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NodeNetworkException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
