package dev.weft.dns.wire;

import java.io.IOException;

/** Another server's message cannot be read. */
public final class MessageFormatException extends IOException {
    private static final long serialVersionUID = 1;

    public MessageFormatException(String message) {
        super(message);
    }
}
