package dev.weft.ingress.proxy.stream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/** Keeps what was read before there is a backend, such as the ClientHello, and passes it on when it is removed. */
final class Waiting extends ChannelInboundHandlerAdapter {
    private final Queue<Object> kept = new ArrayDeque<>();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        kept.add(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Nobody is there to hear it yet.
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        boolean active = ctx.channel().isActive();
        for (Object message = kept.poll(); message != null; message = kept.poll()) {
            if (active) {
                ctx.fireChannelRead(message);
            } else {
                ReferenceCountUtil.release(message);
            }
        }
        ctx.fireChannelReadComplete();
    }
}
