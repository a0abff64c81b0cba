package dev.weft.cni.routes;

import dev.weft.agent.Heartbeat;
import dev.weft.agent.Log;
import dev.weft.agent.TimeSource;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import dev.weft.linux.route.RouteEvent;
import dev.weft.linux.route.RouteMonitor;
import java.time.Duration;
import java.util.EnumSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Listens to the kernel, so that what somebody else changes is noticed in milliseconds. Which events matter is decided by
 * {@link Relevance}; that a change was our own is found out by the comparison that follows.
 */
public final class KernelWatch implements AutoCloseable {
    private static final Log LOG = Log.of("routes");
    private static final Duration TURN = Duration.ofSeconds(1);
    private static final Duration LIVENESS = Duration.ofSeconds(60);

    private final RouteMonitor monitor;
    private final Predicate<RouteEvent> relevant;
    private final Consumer<String> changed;
    private final Heartbeat heartbeat;
    private final Thread thread;
    private volatile boolean closed;

    private KernelWatch(
            RouteMonitor monitor, Predicate<RouteEvent> relevant, Consumer<String> changed, TimeSource time) {
        this.monitor = monitor;
        this.relevant = relevant;
        this.changed = changed;
        this.heartbeat = new Heartbeat(time, LIVENESS);
        this.thread = Thread.ofPlatform().daemon().name("kernel-watch").unstarted(this::run);
    }

    /** Subscribes, and listens on a thread of its own from then on. */
    public static KernelWatch start(
            Netns netns, Predicate<RouteEvent> relevant, Consumer<String> changed, TimeSource time) {
        RouteMonitor monitor = RouteMonitor.openIn(netns, EnumSet.allOf(RouteMonitor.Group.class));
        KernelWatch watch = new KernelWatch(monitor, relevant, changed, time);
        watch.thread.start();
        return watch;
    }

    public Heartbeat heartbeat() {
        return heartbeat;
    }

    private void run() {
        while (!closed) {
            heartbeat.beat();
            try {
                for (RouteEvent event : monitor.next(TURN)) {
                    if (relevant.test(event)) {
                        LOG.debug("kernel event", "event", event);
                        changed.accept("kernel");
                    }
                }
            } catch (LinuxException e) {
                if (!closed) {
                    LOG.warn("kernel events cannot be read; looking at everything anew", e);
                    changed.accept("kernel");
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        monitor.close();
    }
}
