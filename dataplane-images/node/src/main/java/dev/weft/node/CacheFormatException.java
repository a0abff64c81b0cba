package dev.weft.node;

import org.jspecify.annotations.Nullable;

/** A cache file that is not what the agent wrote; it is then as if there were none. */
final class CacheFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    CacheFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
