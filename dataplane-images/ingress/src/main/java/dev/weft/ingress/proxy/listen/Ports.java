package dev.weft.ingress.proxy.listen;

import dev.weft.ingress.proxy.Problem;
import dev.weft.ingress.proxy.exchange.Engine;
import dev.weft.ingress.proxy.loop.Loop;
import dev.weft.ingress.proxy.stream.UdpPort;
import dev.weft.ingress.proxy.tls.Terminations;
import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.Routing;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The ports that are open, each with a socket on every event loop (SO_REUSEPORT): the kernel spreads connections. */
public final class Ports {
    private static final int BACKLOG = 4096;

    private record Open(boolean udp, List<Channel> sockets) {}

    private final Engine engine;
    private final List<Loop> loops;
    private final Terminations terminations;
    private final Connections connections;
    private final Map<Integer, Open> open = new TreeMap<>();

    public Ports(Engine engine, List<Loop> loops, Terminations terminations, Connections connections) {
        this.engine = engine;
        this.loops = loops;
        this.terminations = terminations;
        this.connections = connections;
    }

    public synchronized Set<Integer> numbers() {
        return Set.copyOf(open.keySet());
    }

    /** Opens what a routing wants and is not open yet. */
    public synchronized List<Problem> open(Routing routing) {
        List<Problem> problems = new ArrayList<>();
        routing.ports().forEach((number, port) -> {
            boolean udp = port instanceof Port.Udp;
            Open known = open.get(number);
            if (known != null && known.udp() == udp) {
                return;
            }
            if (known != null) {
                close(number);
            }
            try {
                open.put(number, new Open(udp, udp ? udp(number) : tcp(number)));
            } catch (PortException e) {
                problems.add(new Problem(number, "", String.valueOf(e.getMessage())));
            }
        });
        return problems;
    }

    /** Closes what a routing does not have; connections go on. */
    public synchronized void closeOthers(Routing routing) {
        for (int number : new HashSet<>(open.keySet())) {
            if (!routing.ports().containsKey(number)) {
                close(number);
            }
        }
    }

    private void close(int number) {
        Open closed = open.remove(number);
        if (closed != null) {
            closed.sockets().forEach(socket -> socket.close().awaitUninterruptibly());
        }
    }

    private List<Channel> tcp(int number) throws PortException {
        List<Channel> sockets = new ArrayList<>();
        for (Loop loop : loops) {
            ServerBootstrap bootstrap = new ServerBootstrap()
                    .group(loop.eventLoop(), loop.eventLoop())
                    .channel(EpollServerSocketChannel.class)
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .option(EpollChannelOption.SO_REUSEPORT, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.SO_KEEPALIVE, true)
                    .childHandler(new Accepted(engine, loop, number, terminations, connections));
            Channel channel = bound(bootstrap.bind(new InetSocketAddress(number)), number, sockets);
            connections.acceptor(channel);
        }
        return sockets;
    }

    private List<Channel> udp(int number) throws PortException {
        List<Channel> sockets = new ArrayList<>();
        for (Loop loop : loops) {
            Bootstrap bootstrap = new Bootstrap()
                    .group(loop.eventLoop())
                    .channel(EpollDatagramChannel.class)
                    .option(EpollChannelOption.SO_REUSEPORT, true)
                    .handler(new UdpPort(engine, loop, number));
            bound(bootstrap.bind(new InetSocketAddress(number)), number, sockets);
        }
        return sockets;
    }

    private static Channel bound(ChannelFuture bound, int number, List<Channel> sockets) throws PortException {
        bound.awaitUninterruptibly();
        if (!bound.isSuccess()) {
            sockets.forEach(socket -> socket.close().awaitUninterruptibly());
            Throwable cause = bound.cause();
            throw new PortException("port " + number + ": " + (cause == null ? "not opened" : cause.getMessage()));
        }
        sockets.add(bound.channel());
        return bound.channel();
    }

    private static final class PortException extends Exception {
        PortException(String message) {
            super(message);
        }
    }
}
