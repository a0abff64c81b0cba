package dev.weft.ingress.proxy.stream;

import dev.weft.ingress.proxy.exchange.Engine;
import dev.weft.ingress.proxy.loop.Deadline;
import dev.weft.ingress.proxy.loop.Loop;
import dev.weft.ingress.proxy.upstream.Cluster;
import dev.weft.ingress.proxy.upstream.EndpointState;
import dev.weft.ingress.route.Port;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Datagrams of one port on one event loop. Those of one client go to one endpoint, for as long as they come. */
public final class UdpPort extends ChannelInboundHandlerAdapter {
    private static final long IDLE = TimeUnit.SECONDS.toNanos(60);

    /** Senders can be forged, so their number says nothing of that of clients. */
    private static final int MAX_SESSIONS = 16_384;

    private static final int MAX_WAITING = 16;

    private final Engine engine;
    private final Loop loop;
    private final int port;
    private final Map<InetSocketAddress, Session> sessions = new HashMap<>();

    public UdpPort(Engine engine, Loop loop, int port) {
        this.engine = engine;
        this.loop = loop;
        this.port = port;
    }

    private final class Session extends ChannelInboundHandlerAdapter {
        private final InetSocketAddress client;
        private final Channel front;
        private final EndpointState endpoint;
        private final Deadline idle;
        private final Queue<ByteBuf> waiting = new ArrayDeque<>();
        private @Nullable Channel back;
        private boolean ended;

        Session(InetSocketAddress client, Channel front, EndpointState endpoint) {
            this.client = client;
            this.front = front;
            this.endpoint = endpoint;
            this.idle = loop.deadlines().deadline(this::end);
            endpoint.begin();
            idle.set(IDLE);
        }

        void connected(ChannelFuture done) {
            if (!done.isSuccess() || ended) {
                endpoint.failed();
                done.channel().close();
                end();
                return;
            }
            Channel to = done.channel();
            back = to;
            for (ByteBuf data = waiting.poll(); data != null; data = waiting.poll()) {
                to.write(data, to.voidPromise());
            }
            to.flush();
        }

        void send(ByteBuf data) {
            idle.set(IDLE);
            Channel to = back;
            if (to != null && to.isWritable()) {
                to.writeAndFlush(data, to.voidPromise());
            } else if (to == null && waiting.size() < MAX_WAITING) {
                waiting.add(data);
            } else {
                data.release();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof DatagramPacket packet) {
                idle.set(IDLE);
                front.write(new DatagramPacket(packet.content(), client), front.voidPromise());
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            front.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // Nobody listens there (ICMP): the next datagram may go to another endpoint.
            endpoint.failed();
            end();
        }

        void end() {
            if (ended) {
                return;
            }
            ended = true;
            idle.clear();
            endpoint.end();
            sessions.remove(client, this);
            waiting.forEach(ByteBuf::release);
            waiting.clear();
            Channel to = back;
            if (to != null) {
                to.close();
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof DatagramPacket packet)) {
            return;
        }
        Session session = sessions.get(packet.sender());
        if (session == null) {
            session = begin(ctx.channel(), packet.sender());
        }
        if (session == null) {
            packet.release();
        } else {
            session.send(packet.content());
        }
    }

    private @Nullable Session begin(Channel front, InetSocketAddress client) {
        Cluster cluster = engine.plan().source().ports().get(port) instanceof Port.Udp udp
                ? Streams.draw(engine, udp.target(), loop.random())
                : null;
        EndpointState endpoint =
                cluster == null ? null : cluster.pick(loop, client.getAddress().getHostAddress(), null);
        if (endpoint == null || sessions.size() >= MAX_SESSIONS) {
            return null;
        }
        Session session = new Session(client, front, endpoint);
        sessions.put(client, session);
        new Bootstrap()
                .group(loop.eventLoop())
                .channel(EpollDatagramChannel.class)
                .handler(session)
                .connect(endpoint.address())
                .addListener(done -> session.connected((ChannelFuture) done));
        return session;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Map.copyOf(sessions).values().forEach(Session::end);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // An answer that could not be sent to one client does not concern the others.
    }
}
