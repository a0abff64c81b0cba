package dev.weft.ingress.proxy.upstream;

import dev.weft.ingress.proxy.http1.Http1Client;
import dev.weft.ingress.proxy.http2.Http2Client;
import dev.weft.ingress.proxy.loop.Loop;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connections of one event loop to one endpoint. The last one used is used next, so that what is too many goes idle. */
final class LoopPool implements Http1Client.Owner, Http2Client.Owner {
    private final Loop loop;
    private final EndpointState endpoint;
    private final Dialer dialer;
    private final Deque<Http1Client> idle = new ArrayDeque<>();
    private final List<Http2Client> shared = new ArrayList<>();
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private int dialing;

    LoopPool(Loop loop, EndpointState endpoint, Dialer dialer) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.dialer = dialer;
    }

    void acquire(Waiter waiter, long connectNanos) {
        if (dialer.isHttp2()) {
            acquireShared(waiter, connectNanos);
            return;
        }
        for (Http1Client last = idle.pollLast(); last != null; last = idle.pollLast()) {
            if (last.isFree()) {
                waiter.ready(last);
                return;
            }
        }
        Http1Client fresh = new Http1Client(loop, this);
        dialer.dial(loop, endpoint, connectNanos, fresh, new Dialer.Dialed() {
            @Override
            public void connected(Channel channel) {
                waiter.ready(fresh);
            }

            @Override
            public void unreached(Waiter.Unreached why, String reason) {
                waiter.unreached(why, reason);
            }
        });
    }

    private void acquireShared(Waiter waiter, long connectNanos) {
        for (Http2Client connection : shared) {
            if (connection.hasRoom()) {
                waiter.ready(connection);
                return;
            }
        }
        waiting.add(waiter);
        // One is dialed for many: how many streams it takes is known afterwards.
        if (dialing == 0) {
            dialShared(connectNanos);
        }
    }

    private void dialShared(long connectNanos) {
        dialing++;
        Http2Client fresh = Http2Client.create(loop, this);
        dialer.dial(loop, endpoint, connectNanos, fresh, new Dialer.Dialed() {
            @Override
            public void connected(Channel channel) {
                fresh.whenReady(ready -> {
                    dialing--;
                    if (ready) {
                        shared.add(fresh);
                        serve(fresh, connectNanos);
                    } else {
                        failAll(Waiter.Unreached.REFUSED, "connection ended before HTTP/2 settings came");
                    }
                });
            }

            @Override
            public void unreached(Waiter.Unreached why, String reason) {
                dialing--;
                failAll(why, reason);
            }
        });
    }

    private void serve(Http2Client connection, long connectNanos) {
        while (!waiting.isEmpty() && connection.hasRoom()) {
            waiting.remove().ready(connection);
        }
        if (!waiting.isEmpty() && dialing == 0) {
            dialShared(connectNanos);
        }
    }

    private void failAll(Waiter.Unreached why, String reason) {
        List<Waiter> all = new ArrayList<>(waiting);
        waiting.clear();
        all.forEach(waiter -> waiter.unreached(why, reason));
    }

    @Override
    public void idle(Http1Client connection) {
        if (endpoint.isRetired() || idle.size() >= dialer.poolSize()) {
            connection.close();
            return;
        }
        connection.keep(dialer.poolIdleNanos());
        idle.addLast(connection);
    }

    @Override
    public void closed(Http1Client connection) {
        idle.remove(connection);
    }

    @Override
    public void idle(Http2Client connection) {
        if (endpoint.isRetired()) {
            connection.close();
            return;
        }
        connection.keep(dialer.poolIdleNanos());
    }

    @Override
    public void closed(Http2Client connection) {
        shared.remove(connection);
    }

    /** Closes what has no request; the rest closes when it has none. */
    void retire() {
        List.copyOf(idle).forEach(Http1Client::close);
        idle.clear();
        for (Http2Client connection : List.copyOf(shared)) {
            if (connection.isIdle()) {
                connection.close();
            }
        }
    }

    /** How many connections wait for a request. */
    int idleCount() {
        return idle.size();
    }

    static @Nullable LoopPool of(EndpointState endpoint, Loop loop) {
        return endpoint.pool(loop.index());
    }
}
