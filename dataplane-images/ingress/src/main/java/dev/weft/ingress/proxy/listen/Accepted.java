package dev.weft.ingress.proxy.listen;

import dev.weft.ingress.proxy.exchange.Engine;
import dev.weft.ingress.proxy.exchange.Peer;
import dev.weft.ingress.proxy.loop.Loop;
import dev.weft.ingress.proxy.stream.Streams;
import dev.weft.ingress.proxy.tls.Terminations;
import dev.weft.ingress.route.Port;
import dev.weft.net.Ip;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;

/** Sets up the connection of a client, on the loop that accepted it. */
final class Accepted extends ChannelInitializer<Channel> {
    private final Engine engine;
    private final Loop loop;
    private final int port;
    private final Terminations terminations;
    private final Connections connections;

    Accepted(Engine engine, Loop loop, int port, Terminations terminations, Connections connections) {
        this.engine = engine;
        this.loop = loop;
        this.port = port;
        this.terminations = terminations;
        this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
        connections.opened(channel);
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            // Gone again already.
            channel.close();
            return;
        }
        Ip ip = Ip.of(remote.getAddress());
        if (engine.settings().proxyProtocol() && Peer.isIn(engine.settings().trusted(), ip)) {
            ProxyHeader.add(engine, loop, channel, (source, sourcePort) -> begin(channel, source, sourcePort));
        } else {
            begin(channel, ip, remote.getPort());
        }
    }

    private void begin(Channel channel, Ip ip, int remotePort) {
        Port served = engine.plan().source().ports().get(port);
        int external = served instanceof Port.Web web && web.external() > 0 ? web.external() : port;
        Peer peer = new Peer(ip, remotePort, port, external, engine.settings().trusted());
        if (served instanceof Port.Tcp tcp) {
            Streams.start(engine, loop, peer, channel, tcp.target());
        } else {
            channel.pipeline().addLast(new FirstBytes(engine, loop, peer, terminations, channel::close));
        }
    }
}
