package dev.weft.ingress.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Hears a client's frames. Those that cost us more than the client are counted. */
final class ServerFrames extends Http2EventAdapter {
    /** No client needs more of PING, SETTINGS and PRIORITY within the time (CVE-2019-9512 and -9515). */
    private static final int MAX_CONTROL = 1000;

    private static final long CONTROL_WINDOW = TimeUnit.SECONDS.toNanos(10);

    private @Nullable Http2Server server;
    private int control;
    private long windowBegan = System.nanoTime();

    void server(Http2Server of) {
        server = of;
    }

    private void count() throws Http2Exception {
        if (++control > MAX_CONTROL) {
            long now = System.nanoTime();
            if (now - windowBegan < CONTROL_WINDOW) {
                throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many control frames");
            }
            windowBegan = now;
            control = 0;
        }
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
        Http2Server to = server;
        if (to == null) {
            return;
        }
        Http2ServerStream known = to.streams().get(id);
        if (known == null) {
            to.begin(ctx, id, headers, end);
        } else {
            known.trailers(headers);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int id,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end) {
        onHeadersRead(ctx, id, headers, padding, end);
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
        Http2Server to = server;
        Http2ServerStream known = to == null ? null : to.streams().get(id);
        if (known == null) {
            return data.readableBytes() + padding;
        }
        return known.data(data, padding, end);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        count();
        Http2Server to = server;
        if (to != null) {
            to.settingsRead();
        }
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        count();
    }

    @Override
    public void onPriorityRead(ChannelHandlerContext ctx, int id, int dependency, short weight, boolean exclusive)
            throws Http2Exception {
        count();
    }
}
