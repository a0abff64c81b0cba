package dev.weft.kube;

import java.time.Duration;

/** The API server answered, and refused: any status but 2xx, or an {@code ERROR} event of a watch. */
public final class KubeApiException extends KubeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;
    private final Duration retryAfter;

    /**
     * @param request what was asked, for the message
     * @param status HTTP status code, or the {@code code} of the Status object
     * @param reason the Status object's {@code reason}, such as {@code Expired} or {@code Forbidden}; may be empty
     * @param message the Status object's {@code message}; may be empty
     * @param retryAfter how long the server asks to wait, zero if it does not
     */
    KubeApiException(String request, int status, String reason, String message, Duration retryAfter) {
        super(
                request + ": " + status + (reason.isEmpty() ? "" : " " + reason)
                        + (message.isEmpty() ? "" : ": " + message),
                null);
        this.status = status;
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }

    public Duration retryAfter() {
        return retryAfter;
    }

    public boolean isNotFound() {
        return status == 404;
    }

    /** 409: a create met an object that exists, or an update one that moved on. */
    public boolean isConflict() {
        return status == 409;
    }

    /** 410: the resource version or continue token is too old; list anew. */
    public boolean isGone() {
        return status == 410;
    }

    /** Whether the same request may well succeed later or at another server: 429 and 5xx. */
    public boolean isTransient() {
        return status == 429 || status >= 500;
    }

    /** 401 or 403: the token or the permissions; both may be put right without this process. */
    public boolean isAuthentication() {
        return status == 401 || status == 403;
    }

    /**
     * Whether the server has not yet seen the resource version it was asked for: it lags behind another server, or the
     * cluster's storage was restored from a backup. A 504 with a cause, told apart by its message as client-go does.
     */
    boolean isTooLargeResourceVersion() {
        return status == 504 && String.valueOf(getMessage()).contains("Too large resource version");
    }
}
