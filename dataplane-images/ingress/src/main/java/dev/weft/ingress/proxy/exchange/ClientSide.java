package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The client's end of a request: a connection of HTTP/1.1, or a stream of HTTP/2. Of one event loop. */
public interface ClientSide {
    /** Stops or resumes the body of the request. It is stopped at first; a client that waits for 100 gets it then. */
    void read(boolean on);

    /** 1xx but for 101. */
    void interim(ResponseHead head);

    /**
     * @param head {@link ResponseHead#length} tells the length of the body, -1 if it is not known. After 101 bytes in both
     *     directions follow
     * @param end whether no body follows
     */
    void respond(ResponseHead head, boolean end);

    /** A piece of the body; takes over the reference. */
    void body(ByteBuf data);

    void end(@Nullable Fields trailers);

    /** The answer cannot be finished: the client is to notice. */
    void abort();

    boolean isWritable();
}
