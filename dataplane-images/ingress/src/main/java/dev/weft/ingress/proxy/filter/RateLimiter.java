package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.route.Filter;
import dev.weft.net.Ip;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A leaky bucket for each client address, as nginx' {@code limit_req} with {@code nodelay}: what is held is the time at which
 * the bucket is empty, one number (GCRA). An IPv6 client is its /64, of which it has all addresses.
 */
final class RateLimiter {
    /** Clients choose addresses; those whose bucket is empty are forgotten when there are so many. */
    private static final int MAX_CLIENTS = 65_536;

    private final long interval;
    private final long tolerance;
    private final Map<Ip, Long> emptyAt = new ConcurrentHashMap<>();
    private volatile long lastUsed = System.nanoTime();
    private volatile long swept;

    RateLimiter(Filter.RateLimit limit) {
        interval = Math.max(1, limit.per().toNanos() / Math.max(1, limit.requests()));
        tolerance = interval * limit.burst();
    }

    long lastUsed() {
        return lastUsed;
    }

    /** @return 0 if the request may pass, otherwise the nanoseconds after which one may */
    long take(Ip client, long now) {
        lastUsed = now;
        long[] wait = new long[1];
        if (emptyAt.size() >= MAX_CLIENTS) {
            sweep(now);
        }
        emptyAt.compute(Clients.key(client), (key, before) -> {
            long empty = before == null || before - now < 0 ? now : before;
            if (empty - now > tolerance) {
                wait[0] = empty - now - tolerance;
                return empty;
            }
            return empty + interval;
        });
        return wait[0];
    }

    private void sweep(long now) {
        // Not for each request of a flood.
        if (now - swept < 100_000_000L) {
            return;
        }
        swept = now;
        emptyAt.values().removeIf(empty -> empty - now < 0);
        if (emptyAt.size() >= MAX_CLIENTS) {
            // A flood from more addresses than are kept: to forget is better than to grow.
            emptyAt.clear();
        }
    }
}
