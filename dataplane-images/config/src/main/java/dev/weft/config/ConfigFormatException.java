package dev.weft.config;

/** A document that is not what its reader expects; the message names the field. */
public final class ConfigFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigFormatException(String message) {
        super(message);
    }

    public ConfigFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
