package dev.weft.ingress.proxy.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/** Hears a backend's frames. */
final class ClientFrames extends Http2EventAdapter {
    private @Nullable Http2Client client;

    void client(Http2Client of) {
        client = of;
    }

    private @Nullable Http2ClientStream stream(int id) {
        Http2Client of = client;
        return of == null ? null : of.streams().get(id);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
        Http2ClientStream known = stream(id);
        if (known != null) {
            known.headers(headers, end);
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
        Http2ClientStream known = stream(id);
        return known == null ? data.readableBytes() + padding : known.data(data, padding, end);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
        Http2ClientStream known = stream(id);
        if (known != null) {
            known.reset(code);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        Http2Client of = client;
        if (of != null) {
            of.settingsRead();
        }
    }
}
