package dev.weft.ingress.proxy.listen;

import dev.weft.ingress.proxy.exchange.Engine;
import dev.weft.ingress.proxy.loop.Deadline;
import dev.weft.ingress.proxy.loop.Loop;
import dev.weft.net.Ip;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Reads the PROXY protocol header (v1 or v2) that a load balancer puts before everything else. */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
    /** Hears who the client is. */
    interface Client {
        void is(Ip ip, int port);
    }

    private final Client client;
    private final Deadline deadline;
    private final HAProxyMessageDecoder decoder = new HAProxyMessageDecoder();

    private ProxyHeader(Engine engine, Loop loop, Channel channel, Client client) {
        this.client = client;
        this.deadline = loop.deadlines().deadline(channel::close);
        this.deadline.set(TimeUnit.SECONDS.toNanos(engine.settings().limits().headerSeconds()));
    }

    /** Puts what reads the header into the pipeline; it takes itself out again. */
    static void add(Engine engine, Loop loop, Channel channel, Client client) {
        ProxyHeader header = new ProxyHeader(engine, loop, channel, client);
        channel.pipeline().addLast(header.decoder).addLast(header);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof HAProxyMessage header)) {
            ctx.fireChannelRead(message);
            return;
        }
        deadline.clear();
        tell(ctx, header);
        header.release();
        // The decoder takes itself out too, and passes on what it read ahead.
        ctx.pipeline().remove(this);
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
    public void handlerRemoved(ChannelHandlerContext ctx) {
        deadline.clear();
    }
}
