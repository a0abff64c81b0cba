package dev.weft.ingress.proxy.upstream;

import dev.weft.ingress.proxy.loop.Loop;
import dev.weft.ingress.proxy.tls.BackendTls;
import dev.weft.ingress.proxy.tls.Failures;
import dev.weft.ingress.route.Upstream.Protocol;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes connections to the endpoints of one upstream. */
final class Dialer {
    /** What became of it; on the loop's thread. */
    interface Dialed {
        void connected(Channel channel);

        void unreached(Waiter.Unreached why, String reason);
    }

    private final boolean http2;
    private final @Nullable BackendTls tls;
    private final PoolLimits limits;

    Dialer(Protocol protocol, @Nullable BackendTls tls, PoolLimits limits) {
        this.http2 = protocol == Protocol.HTTP2;
        this.tls = tls;
        this.limits = limits;
    }

    boolean isHttp2() {
        return http2;
    }

    int poolSize() {
        return limits.size();
    }

    long poolIdleNanos() {
        return limits.idleNanos();
    }

    /** @param handler what speaks on it; behind TLS if there is any */
    void dial(Loop loop, EndpointState endpoint, long connectNanos, ChannelHandler handler, Dialed dialed) {
        BackendTls secured = tls;
        Bootstrap bootstrap = new Bootstrap()
                .group(loop.eventLoop())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TimeUnit.NANOSECONDS.toMillis(connectNanos))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (secured == null) {
                            channel.pipeline().addLast(handler);
                        }
                    }
                });
        bootstrap.connect(endpoint.address()).addListener(done -> {
            Channel channel = ((ChannelFuture) done).channel();
            if (!done.isSuccess()) {
                Throwable cause = done.cause();
                boolean late = cause instanceof ConnectTimeoutException;
                dialed.unreached(
                        late ? Waiter.Unreached.TIMED_OUT : Waiter.Unreached.REFUSED,
                        cause == null ? "not connected" : String.valueOf(cause.getMessage()));
            } else if (secured == null) {
                dialed.connected(channel);
            } else {
                handshake(secured, channel, connectNanos, handler, dialed);
            }
            loop.readComplete();
        });
    }

    private void handshake(
            BackendTls secured, Channel channel, long connectNanos, ChannelHandler handler, Dialed dialed) {
        SslHandler ssl;
        try {
            ssl = secured.handler(channel.alloc(), http2);
        } catch (Exception e) {
            channel.close();
            dialed.unreached(Waiter.Unreached.TLS, String.valueOf(e.getMessage()));
            return;
        }
        ssl.setHandshakeTimeout(connectNanos == 0 ? TimeUnit.SECONDS.toNanos(60) : connectNanos, TimeUnit.NANOSECONDS);
        Failures failures = new Failures();
        channel.pipeline().addLast(ssl).addLast(failures);
        ssl.handshakeFuture().addListener(done -> {
            String problem = done.isSuccess()
                    ? secured.problem(ssl, http2)
                    : "TLS handshake: "
                            + (done.cause() == null ? "" : done.cause().getMessage());
            if (problem == null) {
                channel.pipeline().addLast(handler);
                channel.pipeline().remove(failures);
                dialed.connected(channel);
            } else {
                channel.close();
                dialed.unreached(Waiter.Unreached.TLS, problem);
            }
        });
    }
}
