package dev.weft.ingress.proxy.http2;

import dev.weft.ingress.proxy.http.Backend;
import dev.weft.ingress.proxy.http.Call;
import dev.weft.ingress.proxy.http.CallListener;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.loop.Deadline;
import dev.weft.ingress.proxy.loop.Loop;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslHandler;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection to a backend that speaks HTTP/2: many requests at once. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails ends the connection, and is heard of there.
public final class Http2Client extends Http2ConnectionHandler implements Backend {
    /** Who keeps it while it has no request. */
    public interface Owner {
        void idle(Http2Client connection);

        void closed(Http2Client connection);
    }

    private static final int STREAM_WINDOW = 256 * 1024;
    private static final int CONNECTION_WINDOW = 1024 * 1024;
    private static final int MAX_HEAD = 256 * 1024;

    /** More than that on one connection share one window and one loss of a packet. */
    private static final int MAX_STREAMS = 100;

    private final Loop loop;
    private final Owner owner;
    private final OpenStreams<Http2ClientStream> streams;
    private final Deadline idle;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Consumer<Boolean> whenReady;
    private boolean ready;
    private boolean closed;
    private boolean used;

    private Http2Client(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            Loop loop,
            Owner owner) {
        super(decoder, encoder, settings);
        this.loop = loop;
        this.owner = owner;
        this.streams = new OpenStreams<>(this, loop);
        this.idle = loop.deadlines().deadline(this::close);
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                Http2ClientStream known = streams.remove(stream);
                if (known != null) {
                    known.closed(isUnknownToPeer(stream));
                }
                if (connection().numActiveStreams() == 0 && !closed) {
                    owner.idle(Http2Client.this);
                }
            }
        });
    }

    public static Http2Client create(Loop loop, Owner owner) {
        return new Builder(loop, owner).build();
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<Http2Client, Builder> {
        private final Loop loop;
        private final Owner owner;

        Builder(Loop loop, Owner owner) {
            this.loop = loop;
            this.owner = owner;
            connection(EvenConnection.of(false));
            validateHeaders(true);
            validateRequiredPseudoHeaders(true);
            initialSettings(Http2Settings.defaultSettings()
                    .pushEnabled(false)
                    .maxHeaderListSize(MAX_HEAD)
                    .initialWindowSize(STREAM_WINDOW));
        }

        /** The builder does not see it in the connection, and bounds resets of whom it takes for a client. */
        @Override
        protected boolean isServer() {
            return false;
        }

        @Override
        protected Http2Client build() {
            frameListener(new ClientFrames());
            return super.build();
        }

        @Override
        protected Http2Client build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            Http2Client client = new Http2Client(decoder, encoder, settings, loop, owner);
            if (frameListener() instanceof ClientFrames frames) {
                frames.client(client);
            }
            return client;
        }
    }

    private boolean isUnknownToPeer(Http2Stream stream) {
        return connection().goAwayReceived()
                && stream.id() > connection().local().lastStreamKnownByPeer();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        streams.context(ctx);
        super.handlerAdded(ctx);
        if (ctx.channel().isActive()) {
            openWindow();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        openWindow();
    }

    /** Behind the preface: what is sent before is lost. */
    private void openWindow() throws Http2Exception {
        connection()
                .local()
                .flowController()
                .incrementWindowSize(
                        connection().connectionStream(), CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
        streams.dirty();
    }

    /** Tells once whether the other side speaks HTTP/2. */
    public void whenReady(Consumer<Boolean> action) {
        if (ready || closed) {
            action.accept(ready);
        } else {
            whenReady = action;
        }
    }

    void settingsRead() {
        if (!ready) {
            ready = true;
            tell(true);
        }
    }

    private void tell(boolean speaks) {
        Consumer<Boolean> action = whenReady;
        whenReady = null;
        if (action != null) {
            action.accept(speaks);
        }
    }

    /** Whether it takes one more request. */
    public boolean hasRoom() {
        ChannelHandlerContext ctx = context;
        return !closed
                && ctx != null
                && ctx.channel().isActive()
                && !connection().goAwayReceived()
                && connection().local().numActiveStreams() < MAX_STREAMS
                && connection().local().canOpenStream();
    }

    public boolean isIdle() {
        return connection().numActiveStreams() == 0;
    }

    @Override
    public boolean isReused() {
        return used;
    }

    @Override
    public void release() {
        if (isIdle()) {
            owner.idle(this);
        }
    }

    /** Keeps it for a while. */
    public void keep(long nanos) {
        idle.set(nanos);
    }

    /** Ends it; requests that are under way are finished before. */
    public void close() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.channel().close();
        }
    }

    @Override
    public Call start(RequestHead head, CallListener listener) {
        idle.clear();
        used = true;
        Http2ClientStream call = new Http2ClientStream(this, loop, listener, head);
        ChannelHandlerContext ctx = context;
        if (ctx == null || !hasRoom()) {
            loop.eventLoop().execute(call::refused);
            return call;
        }
        int id = connection().local().incrementAndGetNextStreamId();
        String scheme = ctx.pipeline().get(SslHandler.class) == null ? "http" : "https";
        encoder()
                .writeHeaders(ctx, id, Http2Fields.of(head, scheme), 0, !head.hasBody(), ctx.newPromise())
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        call.refused();
                    }
                });
        Http2Stream stream = connection().stream(id);
        if (stream != null) {
            streams.put(stream, call);
            call.opened(ctx, stream);
        }
        streams.dirty();
        return call;
    }

    OpenStreams<Http2ClientStream> streams() {
        return streams;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        loop.reading();
        super.channelRead(ctx, message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
            // The connection broke.
            ctx.close();
        } else {
            super.exceptionCaught(ctx, cause);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        super.channelWritabilityChanged(ctx);
        if (ctx.channel().isWritable()) {
            streams.socketWritable();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        loop.readComplete();
        super.channelReadComplete(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        closed = true;
        idle.clear();
        owner.closed(this);
        super.channelInactive(ctx);
        tell(false);
        loop.readComplete();
    }
}
