package dev.weft.kube;

import org.jspecify.annotations.Nullable;

/** The API server answered with something that is not the JSON that was asked for. */
public final class KubeFormatException extends KubeException {
    private static final long serialVersionUID = 1L;

    KubeFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
