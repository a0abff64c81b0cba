package dev.weft.ingress.proxy.listen;

import dev.weft.ingress.proxy.exchange.Engine;
import dev.weft.ingress.proxy.exchange.Peer;
import dev.weft.ingress.proxy.exchange.Plan;
import dev.weft.ingress.proxy.http1.Http1Server;
import dev.weft.ingress.proxy.http2.Http2Server;
import dev.weft.ingress.proxy.loop.Loop;
import dev.weft.ingress.proxy.stream.Streams;
import dev.weft.ingress.proxy.tls.Failures;
import dev.weft.ingress.proxy.tls.Termination;
import dev.weft.ingress.proxy.tls.Terminations;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.TlsTermination;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Leads a TLS connection by its server name: to a listener that ends TLS, or as it is to a backend. */
final class SniRouter extends AbstractSniHandler<Listener> {
    /** A ClientHello with post-quantum keys is about 2 KB; this is far more than any. */
    private static final int MAX_HELLO = 16 * 1024;

    private final Engine engine;
    private final Loop loop;
    private final Peer peer;
    private final Terminations terminations;

    SniRouter(Engine engine, Loop loop, Peer peer, Terminations terminations) {
        super(MAX_HELLO, TimeUnit.SECONDS.toMillis(engine.settings().limits().headerSeconds()));
        this.engine = engine;
        this.loop = loop;
        this.peer = peer;
        this.terminations = terminations;
    }

    private static String name(@Nullable String sent) {
        if (sent == null) {
            return "";
        }
        String lower = sent.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    @Override
    protected Future<Listener> lookup(ChannelHandlerContext ctx, @Nullable String hostname) {
        Plan.Web web = engine.plan().web(peer.port());
        Listener listener = web == null ? null : web.byServerName(name(hostname));
        return listener == null
                ? ctx.executor().newFailedFuture(new NoListenerException(name(hostname)))
                : ctx.executor().newSucceededFuture(listener);
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, @Nullable String hostname, Future<Listener> future)
            throws Exception {
        if (!future.isSuccess()) {
            // As OpenSSL's servers say it: unrecognized_name (RFC 6066, 3), in plain text, fatal.
            ctx.writeAndFlush(ctx.alloc().buffer(7).writeBytes(new byte[] {21, 3, 1, 0, 2, 2, 112}))
                    .addListener(sent -> ctx.close());
            return;
        }
        Listener listener = future.getNow();
        String name = name(hostname);
        if (listener.tls().isEmpty()) {
            Streams.passThrough(engine, loop, peer, ctx.channel(), listener, name);
            ctx.pipeline().remove(this);
            return;
        }
        terminate(ctx, listener, listener.tls().get(), name);
    }

    private void terminate(ChannelHandlerContext ctx, Listener listener, TlsTermination tls, String name) {
        Termination termination = terminations.of(tls);
        if (termination == null) {
            ctx.close();
            return;
        }
        SslHandler handler;
        try {
            handler = termination.context(name).newHandler(ctx.alloc());
        } catch (SSLException e) {
            // Told when the routing came.
            ctx.close();
            return;
        }
        handler.setHandshakeTimeoutMillis(
                TimeUnit.SECONDS.toMillis(engine.settings().limits().headerSeconds()));
        Failures failures = new Failures();
        ctx.pipeline().addLast(handler).addLast(failures);
        handler.handshakeFuture().addListener(done -> {
            if (!done.isSuccess()) {
                ctx.close();
                return;
            }
            peer.secured(Terminations.secured(handler, name, termination));
            speak(ctx, listener, handler, name);
            ctx.channel().pipeline().remove(failures);
        });
        ctx.pipeline().remove(this);
    }

    private void speak(ChannelHandlerContext ctx, Listener listener, SslHandler handler, String name) {
        if (listener.serving() instanceof Listener.Serving.Streams) {
            Streams.passThrough(engine, loop, peer, ctx.channel(), listener, name);
        } else if (ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol())) {
            ctx.channel().pipeline().addLast(Http2Server.create(engine, loop, peer));
        } else {
            ctx.channel().pipeline().addLast(new Http1Server(engine, loop, peer, ctx.channel()));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // No ClientHello, or none in time.
        ctx.close();
    }

    private static final class NoListenerException extends Exception {
        NoListenerException(String name) {
            super("no listener for server name '" + name + "'", null, false, false);
        }
    }
}
