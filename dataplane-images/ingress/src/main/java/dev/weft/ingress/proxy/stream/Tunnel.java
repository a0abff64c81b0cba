package dev.weft.ingress.proxy.stream;

import dev.weft.ingress.proxy.loop.Deadline;
import dev.weft.ingress.proxy.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a connection that is passed on: what this channel reads, the other one writes. Who cannot write is not
 * read for, and an end of sending is passed on while the other direction goes on.
 */
final class Tunnel extends ChannelInboundHandlerAdapter {
    /** As nginx' {@code proxy_timeout} for streams. */
    private static final long IDLE = TimeUnit.MINUTES.toNanos(10);

    private final Channel other;
    private final Ends ends;

    /** What both directions share. */
    static final class Ends {
        private final Deadline idle;
        private final Runnable onClose;
        private int open = 2;
        private int sending = 2;

        Ends(Loop loop, Channel a, Channel b, Runnable onClose) {
            this.onClose = onClose;
            this.idle = loop.deadlines().deadline(() -> {
                a.close();
                b.close();
            });
            active();
        }

        void active() {
            idle.set(IDLE);
        }

        void closed() {
            if (--open == 0) {
                idle.clear();
                onClose.run();
            }
        }
    }

    Tunnel(Channel other, Ends ends) {
        this.other = other;
        this.ends = ends;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf)) {
            ReferenceCountUtil.release(message);
            return;
        }
        ends.active();
        other.write(message, other.voidPromise());
        if (!other.isWritable()) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        other.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            other.config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            if (--ends.sending == 0) {
                ctx.channel().flush();
                closeAfterFlush(ctx.channel());
                closeAfterFlush(other);
            } else if (other.pipeline().get(SslHandler.class) != null
                    || ctx.pipeline().get(SslHandler.class) != null) {
                closeAfterFlush(other);
            } else if (other instanceof DuplexChannel duplex) {
                other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> duplex.shutdownOutput());
            }
        }
    }

    private static void closeAfterFlush(Channel channel) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> channel.close());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ends.closed();
        if (other.isActive()) {
            closeAfterFlush(other);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A broken connection: the other one is broken too.
        ctx.close();
    }
}
