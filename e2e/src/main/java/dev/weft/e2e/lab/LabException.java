package dev.weft.e2e.lab;

/** A lab could not be brought into the state asked for; the message says what to look at. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LabException(String message) {
        super(message);
    }

    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
