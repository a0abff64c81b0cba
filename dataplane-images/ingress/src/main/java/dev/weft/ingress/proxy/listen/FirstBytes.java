package dev.weft.ingress.proxy.listen;

import dev.weft.ingress.proxy.exchange.Engine;
import dev.weft.ingress.proxy.exchange.Peer;
import dev.weft.ingress.proxy.exchange.Plan;
import dev.weft.ingress.proxy.http1.Http1Server;
import dev.weft.ingress.proxy.http2.Http2Server;
import dev.weft.ingress.proxy.loop.Deadline;
import dev.weft.ingress.proxy.loop.Loop;
import dev.weft.ingress.proxy.tls.Terminations;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tells by its first bytes what a client speaks: TLS, HTTP/2 with prior knowledge (RFC 9113, 3.3), or HTTP/1. */
final class FirstBytes extends ByteToMessageDecoder implements Connection {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** So many bytes are no HTTP/1 request any more. */
    private static final int ENOUGH = 16;

    private static final int HANDSHAKE = 22;

    private final Engine engine;
    private final Loop loop;
    private final Peer peer;
    private final Terminations terminations;
    private final Deadline deadline;
    private final Runnable end;

    FirstBytes(Engine engine, Loop loop, Peer peer, Terminations terminations, Runnable end) {
        this.end = end;
        this.engine = engine;
        this.loop = loop;
        this.peer = peer;
        this.terminations = terminations;
        this.deadline = loop.deadlines().deadline(end);
        this.deadline.set(TimeUnit.SECONDS.toNanos(engine.settings().limits().idleSeconds()));
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int first = in.getUnsignedByte(in.readerIndex());
        if (first == HANDSHAKE) {
            Plan.Web web = engine.plan().web(peer.port());
            if (web == null || !web.hasTls()) {
                ctx.close();
                return;
            }
            become(ctx, () -> ctx.pipeline().addLast(new SniRouter(engine, loop, peer, terminations)));
            return;
        }
        int n = Math.min(in.readableBytes(), ENOUGH);
        for (int i = 0; i < n; i++) {
            if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
                become(ctx, () -> ctx.pipeline().addLast(new Http1Server(engine, loop, peer, ctx.channel())));
                return;
            }
        }
        if (n == ENOUGH) {
            become(ctx, () -> ctx.pipeline().addLast(Http2Server.create(engine, loop, peer)));
        }
    }

    @Override
    public void drain() {
        // Nothing was asked yet.
        end.run();
    }

    private void become(ChannelHandlerContext ctx, Runnable next) {
        deadline.clear();
        next.run();
        // What was read goes to whoever is there now.
        ctx.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // It broke before it said anything.
        ctx.close();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        deadline.clear();
    }
}
