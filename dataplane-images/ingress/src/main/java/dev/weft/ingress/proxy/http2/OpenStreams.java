package dev.weft.ingress.proxy.http2;

import dev.weft.ingress.proxy.loop.Loop;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The requests on a connection of HTTP/2, by their streams, and what of them waits to be written. Of one event loop. */
final class OpenStreams<S extends OpenStreams.Member> implements Loop.Flushable {
    /** A request on a stream. */
    interface Member {
        /** Writes what waited for more to come. */
        void writeHeld();

        /** The other side takes more of it again. */
        void writable();
    }

    private final Http2ConnectionHandler handler;
    private final Loop loop;
    private final Http2Connection.PropertyKey key;
    private final List<S> held = new ArrayList<>();
    private @Nullable ChannelHandlerContext context;
    private boolean dirty;

    OpenStreams(Http2ConnectionHandler handler, Loop loop) {
        this.handler = handler;
        this.loop = loop;
        this.key = handler.connection().newKey();
        handler.encoder().flowController().listener(this::tell);
    }

    void context(ChannelHandlerContext of) {
        context = of;
    }

    void put(Http2Stream stream, S member) {
        stream.setProperty(key, member);
    }

    @Nullable
    S get(int id) {
        Http2Stream stream = handler.connection().stream(id);
        return stream == null ? null : stream.getProperty(key);
    }

    @Nullable
    S remove(Http2Stream stream) {
        return stream.removeProperty(key);
    }

    private void tell(Http2Stream stream) {
        S known = stream.getProperty(key);
        if (known != null && handler.encoder().flowController().isWritable(stream)) {
            known.writable();
        }
    }

    /** The flow controller tells of changes that it has seen itself, and the socket's may have come and gone in between. */
    void socketWritable() throws Http2Exception {
        handler.connection().forEachActiveStream(stream -> {
            tell(stream);
            return true;
        });
    }

    /** A piece of data waits to be written, together with the end of the stream if that comes in time. */
    void hold(S member) {
        held.add(member);
        dirty();
    }

    /** Something is to be flushed. */
    void dirty() {
        if (!dirty) {
            dirty = true;
            loop.dirtyShared(this);
        }
    }

    @Override
    public void flushNow() {
        dirty = false;
        for (int i = 0; i < held.size(); i++) {
            held.get(i).writeHeld();
        }
        held.clear();
        ChannelHandlerContext ctx = context;
        if (ctx != null && !ctx.isRemoved()) {
            handler.flush(ctx);
        }
    }
}
