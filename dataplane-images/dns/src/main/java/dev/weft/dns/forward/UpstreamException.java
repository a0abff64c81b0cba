package dev.weft.dns.forward;

import java.io.IOException;

/** No upstream server gave an answer; the message says why. */
public final class UpstreamException extends IOException {
    private static final long serialVersionUID = 1;

    UpstreamException(String message) {
        super(message);
    }

    UpstreamException(String message, Throwable cause) {
        super(message, cause);
    }
}
