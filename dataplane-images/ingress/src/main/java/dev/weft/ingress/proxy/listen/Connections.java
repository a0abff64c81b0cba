package dev.weft.ingress.proxy.listen;

import dev.weft.ingress.proxy.exchange.Engine;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The connections of clients: how many there are, and which. Above the limit no more are accepted until some end. */
public final class Connections {
    private final Engine engine;
    private final Set<Channel> all = ConcurrentHashMap.newKeySet();
    private final Set<Channel> acceptors = ConcurrentHashMap.newKeySet();
    private volatile boolean full;

    public Connections(Engine engine) {
        this.engine = engine;
    }

    void acceptor(Channel channel) {
        acceptors.add(channel);
        channel.closeFuture().addListener(closed -> acceptors.remove(channel));
        if (full) {
            channel.config().setAutoRead(false);
        }
    }

    void opened(Channel channel) {
        all.add(channel);
        int now = engine.connections().incrementAndGet();
        if (now >= engine.settings().limits().connections() && !full) {
            full = true;
            acceptors.forEach(acceptor -> acceptor.config().setAutoRead(false));
        }
        channel.closeFuture().addListener(closed -> {
            all.remove(channel);
            if (all.isEmpty()) {
                lastClosed();
            }
            int left = engine.connections().decrementAndGet();
            if (full && left < engine.settings().limits().connections()) {
                full = false;
                acceptors.forEach(acceptor -> acceptor.config().setAutoRead(true));
            }
        });
    }

    public int count() {
        return all.size();
    }

    /** Tells all of them to go. */
    public void drain() {
        for (Channel channel : all) {
            channel.eventLoop().execute(() -> {
                for (Map.Entry<String, ChannelHandler> handler : channel.pipeline()) {
                    if (handler.getValue() instanceof Connection connection) {
                        connection.drain();
                    }
                }
            });
        }
    }

    /**
     * Waits until there is none.
     *
     * @param end as of {@link System#nanoTime}
     * @return whether there is none
     */
    public synchronized boolean awaitNone(long end) {
        try {
            while (!all.isEmpty()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return all.isEmpty();
    }

    private synchronized void lastClosed() {
        notifyAll();
    }

    /** Cuts all of them. */
    public void close() {
        all.forEach(Channel::close);
    }
}
