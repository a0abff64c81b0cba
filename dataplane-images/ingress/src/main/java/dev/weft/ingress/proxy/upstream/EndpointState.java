package dev.weft.ingress.proxy.upstream;

import dev.weft.ingress.route.Upstream.Endpoint;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What is known of an endpoint, by all event loops. Lives as long as its upstream names it. */
public final class EndpointState {
    /** So many failures in a row, and it is passed over for a while. */
    private static final int FAILURES = 3;

    private static final long FIRST_REST = TimeUnit.SECONDS.toNanos(5);
    private static final int MAX_DOUBLINGS = 4;

    private final Endpoint endpoint;
    private final InetSocketAddress address;
    private final String name;
    private final String affinity;
    private final long joined;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final @Nullable LoopPool[] pools;
    private volatile int rests;
    private volatile long restsUntil;
    private volatile boolean resting;
    private volatile boolean retired;

    /**
     * @param affinity how cookies name it
     * @param joined as of {@link System#nanoTime}, or {@link Long#MIN_VALUE} if it did not join others
     */
    EndpointState(Endpoint endpoint, String affinity, long joined, int loops) {
        this.endpoint = endpoint;
        this.address = new InetSocketAddress(endpoint.address().toInetAddress(), endpoint.port());
        this.name = (endpoint.address().bytes().length == 4 ? endpoint.address() : "[" + endpoint.address() + "]") + ":"
                + endpoint.port();
        this.affinity = affinity;
        this.joined = joined;
        this.pools = new LoopPool[loops];
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    public InetSocketAddress address() {
        return address;
    }

    /** Address and port, for logs. */
    public String name() {
        return name;
    }

    /** How cookies name it. */
    public String affinity() {
        return affinity;
    }

    @Nullable
    LoopPool pool(int loop) {
        return pools[loop];
    }

    void pool(int loop, LoopPool pool) {
        pools[loop] = pool;
    }

    /** A request, connection or session begins. */
    public void begin() {
        open.incrementAndGet();
    }

    public void end() {
        open.decrementAndGet();
    }

    public int open() {
        return open.get();
    }

    /** It answered. */
    public void succeeded() {
        if (failures.get() != 0) {
            failures.set(0);
            rests = 0;
            resting = false;
        }
    }

    /** It could not be reached, broke off, or did not answer in time. */
    public void failed() {
        if (failures.incrementAndGet() >= FAILURES && !isResting()) {
            int doublings = Math.min(rests, MAX_DOUBLINGS);
            rests = doublings + 1;
            restsUntil = System.nanoTime() + (FIRST_REST << doublings);
            resting = true;
        }
    }

    /** Whether it is passed over after failures. When the time is over one more failure is enough. */
    public boolean isResting() {
        if (!resting) {
            return false;
        }
        if (System.nanoTime() - restsUntil >= 0) {
            resting = false;
            return false;
        }
        return true;
    }

    /** Its share in percent: less than 100 for some time after it joined others. */
    int share(long slowStartNanos) {
        if (joined == Long.MIN_VALUE || slowStartNanos <= 0) {
            return 100;
        }
        long age = System.nanoTime() - joined;
        return age >= slowStartNanos ? 100 : (int) Math.max(10, age * 100 / slowStartNanos);
    }

    long joined() {
        return joined;
    }

    boolean isRetired() {
        return retired;
    }

    void retire() {
        retired = true;
    }
}
