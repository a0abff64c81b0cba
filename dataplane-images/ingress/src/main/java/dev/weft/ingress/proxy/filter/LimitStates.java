package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.route.Filter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What limits have counted, by their zone. Goes on when rules change as long as the limit does not. */
final class LimitStates {
    private static final long KEPT = TimeUnit.MINUTES.toNanos(10);

    private final Map<Filter, RateLimiter> rates = new ConcurrentHashMap<>();
    private final Map<Filter, ConcurrencyLimiter> concurrencies = new ConcurrentHashMap<>();

    RateLimiter rate(Filter.RateLimit limit) {
        return rates.computeIfAbsent(limit, key -> new RateLimiter(limit));
    }

    ConcurrencyLimiter concurrency(Filter.ConcurrencyLimit limit) {
        return concurrencies.computeIfAbsent(limit, key -> new ConcurrencyLimiter(limit.requests()));
    }

    void tidy() {
        long now = System.nanoTime();
        rates.values().removeIf(limiter -> now - limiter.lastUsed() > KEPT);
        concurrencies.values().removeIf(limiter -> limiter.isIdle() && now - limiter.lastUsed() > KEPT);
    }
}
