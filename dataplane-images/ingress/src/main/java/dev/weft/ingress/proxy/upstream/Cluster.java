package dev.weft.ingress.proxy.upstream;

import dev.weft.ingress.proxy.loop.Loop;
import dev.weft.ingress.proxy.tls.BackendTls;
import dev.weft.ingress.route.Upstream;
import dev.weft.ingress.route.Upstream.Endpoint;
import dev.weft.ingress.route.UpstreamId;
import dev.weft.ingress.route.UpstreamTls;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An upstream as it is now: its endpoints with what is known of them. Immutable; what is known goes on to the next. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails ends the connection, and is heard of there.
public final class Cluster {
    private final Upstream source;
    private final EndpointState[] endpoints;
    private final Balancer balancer;
    private final Dialer dialer;
    private final @Nullable BackendTls tls;

    private Cluster(
            Upstream source, EndpointState[] endpoints, Dialer dialer, @Nullable BackendTls tls, PoolLimits limits) {
        this.source = source;
        this.endpoints = endpoints;
        this.dialer = dialer;
        this.tls = tls;
        // Proxies that start together do not all begin with the same endpoint.
        int first = (int) System.nanoTime() & 0xffff;
        this.balancer = new Balancer(endpoints, source.balancing(), limits.slowStartNanos(), first);
    }

    /** @param before what the same upstream was; null if it is new */
    @SuppressWarnings("ReferenceEquality") // one that did not change is the same instance, mostly
    public static Cluster of(Upstream source, @Nullable Cluster before, PoolLimits limits, int loops) {
        if (before != null && (before.source == source || before.source.equals(source))) {
            return before;
        }
        boolean sameWay = before != null
                && before.source.protocol() == source.protocol()
                && before.source.tls().equals(source.tls());
        Map<Endpoint, EndpointState> known = new HashMap<>();
        if (before != null && sameWay) {
            for (EndpointState state : before.endpoints) {
                known.put(state.endpoint(), state);
            }
        }
        BackendTls tls = sameWay && before != null ? before.tls : tls(source.tls());
        Dialer dialer = sameWay && before != null ? before.dialer : new Dialer(source.protocol(), tls, limits);
        long joined = before != null && before.endpoints.length > 0 && sameWay ? System.nanoTime() : Long.MIN_VALUE;
        EndpointState[] states = source.endpoints().stream()
                .distinct()
                .map(endpoint -> {
                    EndpointState state = known.get(endpoint);
                    return state != null
                            ? state
                            : new EndpointState(endpoint, affinity(source.id(), endpoint), joined, loops);
                })
                .toArray(EndpointState[]::new);
        return new Cluster(source, states, dialer, tls, limits);
    }

    private static @Nullable BackendTls tls(Optional<UpstreamTls> source) {
        return source.isEmpty() ? null : new BackendTls(source.get());
    }

    /** The same in all proxies, and tells nobody the address. */
    private static String affinity(UpstreamId id, Endpoint endpoint) {
        return Digests.hex(
                (id + " " + endpoint.address() + " " + endpoint.port()).getBytes(StandardCharsets.UTF_8), 16);
    }

    public Upstream source() {
        return source;
    }

    public List<EndpointState> endpoints() {
        return List.of(endpoints);
    }

    /**
     * Who is asked next.
     *
     * @param key for hashing; empty for others
     * @return null if there is nobody
     */
    public @Nullable EndpointState pick(Loop loop, String key, @Nullable Tried tried) {
        return balancer.pick(loop.random(), key, tried);
    }

    /** The endpoint that a cookie names. */
    public @Nullable EndpointState byAffinity(String value) {
        for (EndpointState endpoint : endpoints) {
            if (endpoint.affinity().equals(value)) {
                return endpoint;
            }
        }
        return null;
    }

    /** Finds or makes a connection. */
    public void acquire(Loop loop, EndpointState endpoint, long connectNanos, Waiter waiter) {
        LoopPool pool = endpoint.pool(loop.index());
        if (pool == null) {
            pool = new LoopPool(loop, endpoint, dialer);
            endpoint.pool(loop.index(), pool);
        }
        pool.acquire(waiter, connectNanos);
    }

    /** Lets go of endpoints that the next one does not have; what they are asked at the moment ends as it began. */
    public void retire(@Nullable Cluster next, List<Loop> loops) {
        if (next == this) {
            return;
        }
        List<EndpointState> kept = next == null ? List.of() : Arrays.asList(next.endpoints);
        for (EndpointState endpoint : endpoints) {
            if (kept.contains(endpoint)) {
                continue;
            }
            endpoint.retire();
            for (Loop loop : loops) {
                loop.eventLoop().execute(() -> {
                    LoopPool pool = LoopPool.of(endpoint, loop);
                    if (pool != null) {
                        pool.retire();
                    }
                });
            }
        }
    }
}
