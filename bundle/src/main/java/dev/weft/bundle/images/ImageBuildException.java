package dev.weft.bundle.images;

import org.jspecify.annotations.Nullable;

/** An image could not be built. The message is for the person who runs the build and says what to do. */
public final class ImageBuildException extends Exception {
    private static final long serialVersionUID = 1L;

    public ImageBuildException(String message) {
        super(message);
    }

    public ImageBuildException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
