package dev.weft.e2e.demo;

import org.jspecify.annotations.Nullable;

/** A step of the demo did not come to its end; the message says which and what was waited for. */
final class DemoFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    DemoFailedException(String message) {
        super(message);
    }

    DemoFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
