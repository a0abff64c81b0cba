package dev.weft.ingress.proxy;

import dev.weft.agent.Metrics;
import dev.weft.ingress.proxy.exchange.Engine;
import dev.weft.ingress.proxy.exchange.Plan;
import dev.weft.ingress.proxy.filter.Filters;
import dev.weft.ingress.proxy.listen.Connections;
import dev.weft.ingress.proxy.listen.Ports;
import dev.weft.ingress.proxy.loop.Loop;
import dev.weft.ingress.proxy.observe.Observing;
import dev.weft.ingress.proxy.tls.Terminations;
import dev.weft.ingress.proxy.upstream.PoolLimits;
import dev.weft.ingress.route.Routing;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The proxy. {@link #start} it, {@link #swap} what it serves as often as wanted, {@link #drain} it, {@link #close} it. Its
 * methods may be called by any thread, and block.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails ends the connection, and is heard of there.
public final class ProxyServer implements AutoCloseable {
    private final Filters filters = new Filters();
    private final Terminations terminations = new Terminations();
    private final List<Loop> loops = new ArrayList<>();
    private final PoolLimits limits;
    private final int loopCount;
    private final Observing observing;
    private final Engine engine;
    private final Connections connections;
    private final Ports ports;
    private final MultiThreadIoEventLoopGroup group;

    /** @param accessLog takes lines, each a JSON object without a line feed; called by a thread of the proxy's own */
    public ProxyServer(ProxySettings settings, Metrics metrics, Consumer<String> accessLog) {
        loopCount = settings.loops();
        limits = new PoolLimits(
                settings.poolSize(),
                settings.poolIdle().toNanos(),
                settings.slowStart().toNanos());
        observing = new Observing(metrics, accessLog, loopCount);
        engine = new Engine(Plan.of(Routing.EMPTY, null, filters, limits, loopCount), settings, observing);
        connections = new Connections(engine);
        group = new MultiThreadIoEventLoopGroup(
                loopCount, new DefaultThreadFactory("proxy", true), EpollIoHandler.newFactory());
        ports = new Ports(engine, loops, terminations, connections);
        metrics.gauge("weft_ingress_connections", "Open connections of clients.", connections::count);
        metrics.gauge(
                "weft_ingress_streams",
                "Connections that are passed on byte for byte.",
                () -> engine.streams().get());
    }

    /** Starts the event loops; nothing is served before the first {@link #swap}. */
    public void start() {
        SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
        int index = 0;
        for (EventExecutor executor : group) {
            if (executor instanceof EventLoop eventLoop) {
                loops.add(new Loop(index++, eventLoop, random.split()));
            }
        }
    }

    /**
     * Serves this from now on: opens ports that are new, closes those that are gone. Requests, connections and WebSockets
     * that are under way end as they began. Connections to backends are kept where the endpoint is still there.
     *
     * @return what could not be done, such as a port that somebody else has; empty if all is well. A port that could not be
     *     opened is tried again with the next call
     */
    @SuppressWarnings("ReferenceEquality") // upstreams of which none changed are handed on
    public synchronized List<Problem> swap(Routing routing) {
        List<Problem> problems = new ArrayList<>(terminations.prepare(routing));
        Plan before = engine.plan();
        Plan next = Plan.of(routing, before, filters, limits, loopCount);
        // Ports that open answer by the new plan from their first connection on.
        engine.plan(next);
        problems.addAll(ports.open(routing));
        ports.closeOthers(routing);
        terminations.retain(routing);
        if (next.clusters() != before.clusters()) {
            before.clusters().forEach((id, cluster) -> cluster.retire(next.cluster(id), loops));
        }
        filters.tidy();
        return problems;
    }

    /** Takes over new settings without losing a connection: all but {@code loops} and those of pools. */
    public void settings(ProxySettings changed) {
        engine.settings(changed);
    }

    /** The ports that are open now. */
    public Set<Integer> ports() {
        return ports.numbers();
    }

    /**
     * Ends connections of HTTP/1 with their next answer ({@code Connection: close}), though new ones are still taken. Who is
     * sent away so has no request under way when {@link #drain} closes what is idle.
     */
    public void sendAway() {
        engine.drain();
    }

    /**
     * Takes no new connections, tells clients to go (GOAWAY, {@code Connection: close}) and waits for requests and
     * connections to end. Whoever calls this has already told the load balancer.
     *
     * @param patience after which what is left is cut
     * @return whether all ended by themselves
     */
    public boolean drain(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        engine.drain();
        ports.closeOthers(Routing.EMPTY);
        connections.drain();
        boolean gone = connections.awaitNone(end);
        connections.close();
        return gone;
    }

    /** Cuts all connections and ends the loops. */
    @Override
    public void close() {
        engine.drain();
        ports.closeOthers(Routing.EMPTY);
        connections.close();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        observing.close();
    }
}
