package dev.weft.agent;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;

/**
 * Ordered stop of a process on SIGTERM or SIGINT: what was added last is closed first, within a bound that is shorter
 * than the pod's grace period.
 */
public final class Shutdown {
    private record Part(String name, AutoCloseable closeable) {}

    private final Log log = Log.of("shutdown");
    private final Duration bound;
    private final TimeSource time;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final CountDownLatch requested = new CountDownLatch(1);
    private boolean stopping;

    /** @param bound for all parts together; Kubernetes kills a pod after 30 s unless told otherwise */
    public Shutdown(Duration bound) {
        this(bound, TimeSource.system());
    }

    Shutdown(Duration bound, TimeSource time) {
        this.bound = bound;
        this.time = time;
    }

    /** Adds a part to be closed before all that were added earlier. Returns it. */
    public <T extends AutoCloseable> T add(String name, T part) {
        synchronized (parts) {
            if (!stopping) {
                parts.push(new Part(name, part));
                return part;
            }
        }
        close(new Part(name, part));
        return part;
    }

    /** From now on signals stop the process through this. */
    public void install() {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                    if (!run()) {
                        // A part hangs; waiting for the kernel's SIGKILL would only take longer.
                        Runtime.getRuntime().halt(1);
                    }
                }));
    }

    /** Blocks until a stop begins: what the main thread does. */
    public void await() throws InterruptedException {
        requested.await();
    }

    /** Closes all parts; true if they closed within the bound. What a part throws is logged and the next one closed. */
    boolean run() {
        requested.countDown();
        long began = time.nanos();
        Thread closer = Thread.ofPlatform().daemon().name("shutdown-parts").start(this::closeAll);
        try {
            boolean done = closer.join(bound);
            if (done) {
                log.info("stopped", "tookMs", time.since(began).toMillis());
            } else {
                log.error("not stopped in time", "boundMs", bound.toMillis());
            }
            return done;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void closeAll() {
        while (true) {
            Part part;
            synchronized (parts) {
                stopping = true;
                if (parts.isEmpty()) {
                    return;
                }
                part = parts.pop();
            }
            close(part);
        }
    }

    private void close(Part part) {
        log.debug("closing", "part", part.name());
        try {
            part.closeable().close();
        } catch (Exception e) {
            log.warn("part failed to close", e, "part", part.name());
        }
    }
}
