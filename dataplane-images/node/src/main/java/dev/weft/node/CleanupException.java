package dev.weft.node;

/** Something could not be removed from the node; the message names what and why. */
final class CleanupException extends Exception {
    private static final long serialVersionUID = 1L;

    CleanupException(String message) {
        super(message);
    }
}
