package dev.weft.cni.protocol;

/** A request that fails, with the code of the specification and a sentence for the person who reads the pod's events. */
public final class CniException extends Exception {
    private static final long serialVersionUID = 1L;

    private final CniError error;
    private final String details;

    public CniException(CniError error, String message) {
        super(message);
        this.error = error;
        this.details = "";
    }

    /** A failure with a cause, whose text becomes the details. */
    public CniException(CniError error, String message, Throwable cause) {
        super(message, cause);
        this.error = error;
        this.details = cause.toString();
    }

    public CniError error() {
        return error;
    }

    /** More about the failure; empty when the message says it all. */
    public String details() {
        return details;
    }

    /** The message, never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
