package dev.weft.node;

import dev.weft.linux.Netns;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Connects to an address again and again, one connection after the other, until it is closed. */
final class SteadyConnections implements AutoCloseable {
    /** The kernel sends a lost SYN again after 1 s and after 3 s: one that is never answered is told from a slow one. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TestNetns from;
    private final InetSocketAddress to;
    private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
    private final Thread thread;
    private volatile boolean closed;
    private final AtomicInteger connections = new AtomicInteger();

    private SteadyConnections(TestNetns from, InetSocketAddress to) {
        this.from = from;
        this.to = to;
        thread = Thread.ofPlatform().daemon().name("connections").unstarted(this::run);
    }

    /** Begins, with a thread in that namespace. */
    static SteadyConnections start(TestNetns from, InetSocketAddress to) {
        SteadyConnections connections = new SteadyConnections(from, to);
        connections.thread.start();
        return connections;
    }

    private void run() {
        try (Netns netns = Netns.open(from.path())) {
            netns.call(() -> {
                while (!closed) {
                    connect();
                }
                return closed;
            });
        }
    }

    private void connect() {
        try (Socket socket = new Socket()) {
            socket.setSoLinger(true, 0);
            socket.connect(to, (int) PATIENCE.toMillis());
        } catch (IOException e) {
            failures.add("connection " + connections + ": " + e);
        }
        connections.incrementAndGet();
    }

    /** What went wrong, for people; none is lost. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    int count() {
        return connections.get();
    }

    /** Ends with the connection in hand. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
