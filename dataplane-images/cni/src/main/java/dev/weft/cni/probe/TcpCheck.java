package dev.weft.cni.probe;

import dev.weft.net.Ip;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends data to other nodes over TCP and waits for it to come back: where a network device computes wrong checksums for
 * what is in a tunnel, connections stall though single packets pass. One thread.
 */
final class TcpCheck {
    private static final long TIME_NANOS = Duration.ofSeconds(3).toNanos();

    /** Told whether data came back. */
    interface Outcome {
        void ended(ProbeTarget target, boolean passed);
    }

    private record Session(ProbeTarget target, SocketChannel channel, long began, ByteBuffer out, ByteBuffer in) {}

    private final Selector selector;
    private final Outcome outcome;
    private final Map<ProbeTarget, Session> open = new HashMap<>();

    TcpCheck(Selector selector, Outcome outcome) {
        this.selector = selector;
        this.outcome = outcome;
    }

    boolean isChecking(ProbeTarget target) {
        return open.containsKey(target);
    }

    /** Starts a check over a channel of the endpoint's namespace. */
    void begin(ProbeTarget target, Ip own, SocketChannel channel, long nowNanos) throws IOException {
        Session session = new Session(
                target, channel, nowNanos, ByteBuffer.allocate(TcpEcho.PAYLOAD), ByteBuffer.allocate(TcpEcho.PAYLOAD));
        open.put(target, session);
        try {
            channel.configureBlocking(false);
            channel.bind(new InetSocketAddress(own.toInetAddress(), 0));
            Ready go = key -> go(key, session);
            channel.register(selector, SelectionKey.OP_CONNECT, go);
            channel.connect(new InetSocketAddress(target.address().toInetAddress(), ProbeSockets.PORT));
        } catch (IOException e) {
            end(session, Optional.empty());
            throw e;
        }
    }

    private void go(SelectionKey key, Session session) throws IOException {
        try {
            if (key.isConnectable()) {
                session.channel().finishConnect();
                key.interestOps(SelectionKey.OP_WRITE);
            } else if (key.isWritable()) {
                session.channel().write(session.out());
                if (!session.out().hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            } else if (key.isReadable()) {
                int read = session.channel().read(session.in());
                if (!session.in().hasRemaining()) {
                    end(session, Optional.of(true));
                } else if (read < 0) {
                    end(session, Optional.empty());
                }
            }
        } catch (ConnectException e) {
            end(session, Optional.of(true)); // a refusal is an answer, and its checksum was right
        } catch (IOException e) {
            end(session, Optional.empty()); // the other end restarts: that says nothing of the path
            throw e;
        }
    }

    /** Ends checks whose time is over: their data got lost. */
    void expire(long nowNanos) throws IOException {
        for (Session session : List.copyOf(open.values())) {
            if (nowNanos - session.began() > TIME_NANOS) {
                end(session, Optional.of(false));
            }
        }
    }

    private void end(Session session, Optional<Boolean> passed) throws IOException {
        open.remove(session.target());
        session.channel().close();
        passed.ifPresent(yes -> outcome.ended(session.target(), yes));
    }

    void close() throws IOException {
        for (Session session : List.copyOf(open.values())) {
            end(session, Optional.empty());
        }
    }
}
