package dev.weft.ingress.proxy.http;

import org.jspecify.annotations.Nullable;

/** A message that breaks the rules or a limit. Has no stack: whoever sends nonsense is not to cost much. */
public final class BadMessage extends Exception {
    private final int status;

    /** @param status what a client is answered; for a backend's answer it is always 502 */
    public BadMessage(int status, String reason) {
        super(reason, (Throwable) null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }

    /** Never null. */
    @Override
    public String getMessage() {
        @Nullable String message = super.getMessage();
        return message == null ? "" : message;
    }
}
