package dev.weft.kube;

import org.jspecify.annotations.Nullable;

/** A call to the Kubernetes API that did not do what was asked. */
public abstract sealed class KubeException extends Exception
        permits KubeApiException, KubeUnreachableException, KubeFormatException {
    private static final long serialVersionUID = 1L;

    KubeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
