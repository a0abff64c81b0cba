package dev.weft.ingress.proxy.stream;

import dev.weft.ingress.proxy.exchange.Engine;
import dev.weft.ingress.proxy.exchange.Peer;
import dev.weft.ingress.proxy.loop.Loop;
import dev.weft.ingress.proxy.upstream.Cluster;
import dev.weft.ingress.proxy.upstream.EndpointState;
import dev.weft.ingress.proxy.upstream.Tried;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Target;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Leads connections to backends, byte for byte. */
public final class Streams {
    private static final int TRIES = 3;
    private static final int CONNECT_MILLIS = 5000;

    private final Engine engine;
    private final Loop loop;
    private final Peer peer;
    private final Channel client;
    private final Tried tried = new Tried();
    private int tries;

    private Streams(Engine engine, Loop loop, Peer peer, Channel client) {
        this.engine = engine;
        this.loop = loop;
        this.peer = peer;
        this.client = client;
    }

    /** A connection whose server name was led to this listener. */
    public static void passThrough(
            Engine engine, Loop loop, Peer peer, Channel client, Listener listener, String serverName) {
        Target target = null;
        int best = -1;
        if (listener.serving() instanceof Listener.Serving.Streams streams) {
            for (Listener.StreamRule rule : streams.rules()) {
                if (rule.host().specificity() > best && rule.host().matches(serverName)) {
                    best = rule.host().specificity();
                    target = rule.target();
                }
            }
        }
        start(engine, loop, peer, client, target);
    }

    /** Any connection. What it reads waits until there is somebody to pass it on to. */
    public static void start(Engine engine, Loop loop, Peer peer, Channel client, @Nullable Target target) {
        client.config().setAutoRead(false);
        Cluster cluster = target == null ? null : draw(engine, target, loop.random());
        if (cluster == null) {
            client.close();
            return;
        }
        client.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        Waiting waiting = new Waiting();
        client.pipeline().addLast(waiting);
        new Streams(engine, loop, peer, client).connect(cluster, waiting);
    }

    static @Nullable Cluster draw(Engine engine, Target target, SplittableRandom random) {
        long sum = 0;
        for (Target.Backend backend : target.backends()) {
            sum += backend.weight();
        }
        long number = sum == 0 ? 0 : random.nextLong(sum);
        for (Target.Backend backend : target.backends()) {
            number -= backend.weight();
            if (sum > 0 && number < 0) {
                return backend.destination() instanceof Target.Destination.To to
                        ? engine.plan().cluster(to.upstream())
                        : null;
            }
        }
        return null;
    }

    private void connect(Cluster cluster, Waiting waiting) {
        EndpointState endpoint = cluster.pick(loop, peer.address(), tries == 0 ? null : tried);
        if (endpoint == null || !client.isActive()) {
            client.close();
            return;
        }
        tries++;
        endpoint.begin();
        new Bootstrap()
                .group(loop.eventLoop())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(endpoint.address())
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        endpoint.end();
                        endpoint.failed();
                        tried.add(endpoint);
                        if (tries < TRIES) {
                            connect(cluster, waiting);
                        } else {
                            client.close();
                        }
                        return;
                    }
                    endpoint.succeeded();
                    join(endpoint, ((ChannelFuture) done).channel(), waiting);
                });
    }

    private void join(EndpointState endpoint, Channel backend, Waiting waiting) {
        if (!client.isActive()) {
            endpoint.end();
            backend.close();
            return;
        }
        engine.streams().incrementAndGet();
        Tunnel.Ends ends = new Tunnel.Ends(loop, client, backend, () -> {
            endpoint.end();
            engine.streams().decrementAndGet();
        });
        backend.pipeline().addLast(new Tunnel(client, ends));
        client.pipeline().addLast(new Tunnel(backend, ends));
        client.pipeline().remove(waiting);
        client.config().setAutoRead(true);
        backend.config().setAutoRead(true);
    }
}
