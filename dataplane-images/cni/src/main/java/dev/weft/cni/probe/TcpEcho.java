package dev.weft.cni.probe;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends back {@value #PAYLOAD} bytes a connection, to addresses of the pod network, a few at once. One thread.
 */
final class TcpEcho {
    /** More than one segment, so that large packets have to pass. */
    static final int PAYLOAD = 4096;

    private static final int MOST = 64;
    private static final long AGE_NANOS = Duration.ofSeconds(5).toNanos();

    private final List<Cidr> podNetwork;
    private final Map<SocketChannel, Long> open = new HashMap<>();

    TcpEcho(List<Cidr> podNetwork) {
        this.podNetwork = List.copyOf(podNetwork);
    }

    /** Takes a connection of a listening channel. */
    void accept(SelectionKey key, long nowNanos) throws IOException {
        SocketChannel client = ((ServerSocketChannel) key.channel()).accept();
        if (client == null) {
            return;
        }
        Ip source = Ip.of(((InetSocketAddress) client.getRemoteAddress()).getAddress());
        if (open.size() >= MOST || podNetwork.stream().noneMatch(cidr -> cidr.contains(source))) {
            client.close();
            return;
        }
        client.configureBlocking(false);
        open.put(client, nowNanos);
        ByteBuffer buffer = ByteBuffer.allocate(PAYLOAD);
        Ready echo = ready -> echo(ready, client, buffer);
        client.register(key.selector(), SelectionKey.OP_READ, echo);
    }

    private void echo(SelectionKey key, SocketChannel client, ByteBuffer buffer) throws IOException {
        try {
            if (key.isReadable()) {
                if (client.read(buffer) < 0) {
                    close(client);
                } else if (!buffer.hasRemaining()) {
                    buffer.flip();
                    key.interestOps(SelectionKey.OP_WRITE);
                }
            } else if (key.isWritable()) {
                client.write(buffer);
                if (!buffer.hasRemaining()) {
                    close(client);
                }
            }
        } catch (IOException e) {
            close(client);
            throw e;
        }
    }

    /** Ends connections that take too long. */
    void expire(long nowNanos) throws IOException {
        for (Map.Entry<SocketChannel, Long> entry : List.copyOf(open.entrySet())) {
            if (nowNanos - entry.getValue() > AGE_NANOS) {
                close(entry.getKey());
            }
        }
    }

    private void close(SocketChannel client) throws IOException {
        open.remove(client);
        client.close();
    }
}
