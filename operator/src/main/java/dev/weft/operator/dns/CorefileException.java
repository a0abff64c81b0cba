package dev.weft.operator.dns;

/** A text that is no Corefile; the message names the line. */
final class CorefileException extends Exception {
    private static final long serialVersionUID = 1L;

    CorefileException(String message) {
        super(message);
    }
}
