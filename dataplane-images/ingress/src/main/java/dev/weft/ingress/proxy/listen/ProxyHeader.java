package dev.weft.ingress.proxy.listen;

import dev.weft.ingress.proxy.exchange.Engine;
import dev.weft.ingress.proxy.loop.Deadline;
import dev.weft.ingress.proxy.loop.Loop;
import dev.weft.net.Ip;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads the PROXY protocol header (v1 or v2) that a load balancer puts before everything else. */
final class ProxyHeader extends HAProxyMessageDecoder {
    /** Hears who the client is. */
    interface Client {
        void is(Ip ip, int port);
    }

    private final Client client;
    private final Deadline deadline;
    private @Nullable ChannelHandlerContext context;

    ProxyHeader(Engine engine, Loop loop, Client client) {
        this.client = client;
        this.deadline = loop.deadlines().deadline(this::late);
        this.deadline.set(TimeUnit.SECONDS.toNanos(engine.settings().limits().headerSeconds()));
    }

    private void late() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.close();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        List<Object> decoded = new ArrayList<>(1);
        super.decode(ctx, in, decoded);
        for (Object message : decoded) {
            if (message instanceof HAProxyMessage header) {
                deadline.clear();
                tell(ctx, header);
                header.release();
                ctx.pipeline().remove(this);
            }
        }
    }

    private void tell(ChannelHandlerContext ctx, HAProxyMessage header) {
        if (header.command() == HAProxyCommand.PROXY && header.sourceAddress() != null) {
            try {
                client.is(Ip.parse(header.sourceAddress()), header.sourcePort());
                return;
            } catch (IllegalArgumentException e) {
                // A Unix socket: nobody's address.
            }
        }
        // LOCAL and UNKNOWN: the load balancer itself, as a health check does.
        if (ctx.channel().remoteAddress() instanceof InetSocketAddress remote) {
            client.is(Ip.of(remote.getAddress()), remote.getPort());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // No header where there has to be one.
        ctx.close();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        deadline.clear();
    }
}
