package dev.weft.cni.probe;

import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;

/**
 * The sockets of the probe endpoint: for each family one that answers and one that asks. They belong to the namespace in
 * which they were opened.
 */
final class ProbeSockets implements AutoCloseable {
    /** Where nodes answer probes, UDP and TCP. */
    static final int PORT = 9471;

    /** Room for the answers and questions of a round. */
    private static final int BUFFER_BYTES = 1 << 20;

    private static final int BACKLOG = 64;

    private final Selector selector;
    private final Map<Family, Ip> accepting = new EnumMap<>(Family.class);
    private final Map<Family, DatagramChannel> askers = new EnumMap<>(Family.class);

    private ProbeSockets(Selector selector) {
        this.selector = selector;
    }

    /** What a socket is for; the attachment of its key. */
    enum Role {
        ANSWER,
        ASK,
        ACCEPT
    }

    /**
     * Opens them in the calling thread's namespace.
     *
     * @param own the probe addresses of this node, at most one a family
     * @throws IOException if an address is not there or the port is taken
     */
    static ProbeSockets open(Iterable<Ip> own) throws IOException {
        ProbeSockets sockets = new ProbeSockets(Selector.open());
        try {
            for (Ip address : own) {
                sockets.open(address, PORT, Role.ANSWER);
                sockets.listen(address);
                sockets.askers.put(address.family(), sockets.open(address, 0, Role.ASK));
            }
            return sockets;
        } catch (IOException e) {
            sockets.close();
            throw e;
        }
    }

    private DatagramChannel open(Ip address, int port, Role role) throws IOException {
        DatagramChannel channel = DatagramChannel.open(
                address.family() == Family.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER_BYTES);
            channel.setOption(ExtendedSocketOptions.IP_DONTFRAGMENT, true);
            channel.bind(new InetSocketAddress(address.toInetAddress(), port));
            channel.register(selector, SelectionKey.OP_READ, role);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void listen(Ip address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(address.toInetAddress(), PORT), BACKLOG);
            channel.register(selector, SelectionKey.OP_ACCEPT, Role.ACCEPT);
            accepting.put(address.family(), address);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** This node's probe address of the family, if it has one. */
    Optional<Ip> own(Family family) {
        return Optional.ofNullable(accepting.get(family));
    }

    Selector selector() {
        return selector;
    }

    Optional<DatagramChannel> asker(Family family) {
        return Optional.ofNullable(askers.get(family));
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
