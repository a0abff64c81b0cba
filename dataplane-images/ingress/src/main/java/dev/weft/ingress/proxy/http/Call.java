package dev.weft.ingress.proxy.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A request that a backend was sent the head of. Of one event loop. */
public interface Call {
    /** A piece of the request's body; takes over the reference. */
    void body(ByteBuf data);

    /** The request is complete. */
    void end(@Nullable Fields trailers);

    /** Whether more of the body is wanted now; {@link CallListener#onWritable} tells when it is again. */
    boolean isWritable();

    /** Stops or resumes the answer. */
    void read(boolean on);

    /** Gives it up: the listener hears nothing more. */
    void cancel();
}
