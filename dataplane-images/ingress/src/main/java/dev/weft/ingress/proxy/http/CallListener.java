package dev.weft.ingress.proxy.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Hears what a backend answers. */
public interface CallListener {
    /** Why there is no answer, or no more of it. */
    enum Broken {
        /** The connection ended. */
        CLOSED,
        /** The backend said that it did nothing of it (RFC 9113, 8.7), so it can be asked again whatever it was. */
        REFUSED,
        /** The answer breaks the rules. */
        MALFORMED
    }

    /** 1xx but for 101. The head is valid during the call only, here and below. */
    void onInterim(ResponseHead head);

    /** @param end whether no body follows; after 101 bytes in both directions follow, whatever they mean */
    void onHead(ResponseHead head, boolean end);

    /** A piece of the body; takes over the reference. */
    void onBody(ByteBuf data);

    void onEnd(@Nullable Fields trailers);

    /** Nothing follows. */
    void onBroken(Broken why);

    void onWritable();
}
