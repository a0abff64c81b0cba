package dev.weft.node;

/** The program was started in a way that cannot work; the message says how it should be. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
