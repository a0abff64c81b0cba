package dev.weft.ingress.proxy.http2;

import dev.weft.ingress.proxy.exchange.Engine;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Peer;
import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.listen.Connection;
import dev.weft.ingress.proxy.loop.Deadline;
import dev.weft.ingress.proxy.loop.Loop;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client's connection that speaks HTTP/2 (RFC 9113): many requests at once. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails ends the connection, and is heard of there.
public final class Http2Server extends Http2ConnectionHandler implements Connection {
    private static final int STREAM_WINDOW = 256 * 1024;
    private static final int CONNECTION_WINDOW = 1024 * 1024;

    /** A client that resets more streams than that within half a minute attacks (CVE-2023-44487). */
    private static final int RESETS = 200;

    private static final int RESET_SECONDS = 30;

    /** CVE-2024-27316 and its kin. */
    private static final int SMALL_CONTINUATIONS = 16;

    private static final int QUEUED_CONTROL_FRAMES = 1000;

    /** From a GOAWAY that refuses nothing to one that does, so that no request is lost on its way (RFC 9113, 6.8). */
    private static final long GOAWAY_GRACE = TimeUnit.SECONDS.toNanos(1);

    private final Engine engine;
    private final Loop loop;
    private final Peer peer;
    private final OpenStreams<Http2ServerStream> streams;
    private final Deadline deadline;
    private final GoneStreams gone = new GoneStreams();
    private @Nullable ChannelHandlerContext context;
    private boolean draining;
    private boolean settingsSeen;

    private Http2Server(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            Engine engine,
            Loop loop,
            Peer peer) {
        super(decoder, encoder, settings);
        this.engine = engine;
        this.loop = loop;
        this.peer = peer;
        this.streams = new OpenStreams<>(this, loop);
        this.deadline = loop.deadlines().deadline(this::late);
        // The settings say so too, but those are in force only when the client acknowledges them, which it need not.
        connection().remote().maxActiveStreams(engine.settings().limits().streams());
        connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                gone.closed(stream.id(), stream.isResetSent());
                Http2ServerStream known = streams.remove(stream);
                if (known != null) {
                    known.closed();
                }
                if (connection().numActiveStreams() == 0 && !draining) {
                    idle();
                }
            }
        });
    }

    /** One for a new connection. */
    public static Http2Server create(Engine engine, Loop loop, Peer peer) {
        return new Builder(engine, loop, peer).build();
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<Http2Server, Builder> {
        private final Engine engine;
        private final Loop loop;
        private final Peer peer;

        Builder(Engine engine, Loop loop, Peer peer) {
            this.engine = engine;
            this.loop = loop;
            this.peer = peer;
            connection(EvenConnection.of(true));
            validateHeaders(true);
            validateRequiredPseudoHeaders(true);
            decoderEnforceMaxRstFramesPerWindow(RESETS, RESET_SECONDS);
            decoderEnforceMaxSmallContinuationFrames(SMALL_CONTINUATIONS);
            encoderEnforceMaxQueuedControlFrames(QUEUED_CONTROL_FRAMES);
            gracefulShutdownTimeoutMillis(TimeUnit.HOURS.toMillis(1));
            initialSettings(Http2Settings.defaultSettings()
                    .maxConcurrentStreams(engine.settings().limits().streams())
                    .maxHeaderListSize(engine.settings().limits().headerBytes())
                    .initialWindowSize(STREAM_WINDOW));
        }

        @Override
        protected Http2Server build() {
            frameListener(new ServerFrames());
            return super.build();
        }

        @Override
        protected Http2Server build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            Http2Server server = new Http2Server(decoder, encoder, settings, engine, loop, peer);
            if (frameListener() instanceof ServerFrames frames) {
                frames.server(server);
            }
            return server;
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        streams.context(ctx);
        deadline.set(TimeUnit.SECONDS.toNanos(engine.settings().limits().headerSeconds()));
        super.handlerAdded(ctx);
        Http2Stream all = connection().connectionStream();
        connection()
                .local()
                .flowController()
                .incrementWindowSize(all, CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
        streams.dirty();
    }

    private void idle() {
        deadline.set(TimeUnit.SECONDS.toNanos(engine.settings().limits().idleSeconds()));
    }

    private void late() {
        ChannelHandlerContext ctx = context;
        if (ctx != null && connection().numActiveStreams() == 0) {
            // GOAWAY, and the end.
            ctx.channel().close();
        }
    }

    /** The other side's settings are there: it speaks HTTP/2. */
    void settingsRead() {
        if (!settingsSeen) {
            settingsSeen = true;
            idle();
        }
    }

    @Override
    public void drain() {
        ChannelHandlerContext ctx = context;
        if (draining || ctx == null) {
            return;
        }
        draining = true;
        goAway(ctx, Integer.MAX_VALUE, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
        ctx.flush();
        loop.deadlines().deadline(() -> ctx.channel().close()).set(GOAWAY_GRACE);
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
        deadline.clear();
        super.channelInactive(ctx);
        loop.readComplete();
    }

    /** A request began. */
    void begin(ChannelHandlerContext ctx, int id, Http2Headers headers, boolean end) {
        Http2Stream stream = connection().stream(id);
        if (stream == null) {
            return;
        }
        deadline.clear();
        Http2ServerStream begun = new Http2ServerStream(this, ctx, loop, stream, Http2Fields.roomFor(headers));
        streams.put(stream, begun);
        Exchange exchange = new Exchange(engine, loop, peer, begun.request(), begun);
        begun.exchange(exchange);
        try {
            Http2Fields.request(headers, end, begun.request());
        } catch (BadMessage e) {
            begun.refuse(e, end);
            return;
        }
        begun.begin(end);
    }

    OpenStreams<Http2ServerStream> streams() {
        return streams;
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        int id = error.streamId();
        boolean late = !outbound && error.error() == Http2Error.STREAM_CLOSED && connection().stream(id) == null;
        if (late && isHeaders(error) && !gone.isReset(id)) {
            // RFC 9113, 5.1 and 5.1.1: a stream that ended, or never was, does not begin. One that we reset may have
            // trailers on their way.
            onConnectionError(
                    ctx,
                    false,
                    cause,
                    Http2Exception.connectionError(
                            gone.isClosed(id) ? Http2Error.STREAM_CLOSED : Http2Error.PROTOCOL_ERROR,
                            "HEADERS for stream %d, which is not open",
                            id));
        } else {
            super.onStreamError(ctx, outbound, cause, outbound ? error : closedIfEnded(error));
        }
        streams.dirty();
    }

    /** A second head behind the end of a stream is wrong for that reason first (RFC 9113, 5.1, half-closed (remote)). */
    private Http2Exception.StreamException closedIfEnded(Http2Exception.StreamException error) {
        Http2Stream stream = connection().stream(error.streamId());
        String message = String.valueOf(error.getMessage());
        boolean again =
                stream != null && !stream.state().remoteSideOpen() && message.contains("received too many headers");
        Http2Exception closed = Http2Exception.streamError(error.streamId(), Http2Error.STREAM_CLOSED, "%s", message);
        return again && closed instanceof Http2Exception.StreamException of ? of : error;
    }

    /** The decoder tells what frame it was in its message alone. */
    private static boolean isHeaders(Http2Exception error) {
        return String.valueOf(error.getMessage()).startsWith("Received HEADERS");
    }
}
