package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.RuleName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What limits have counted. Goes on when rules change as long as the limit does not. */
final class LimitStates {
    private static final long KEPT = TimeUnit.MINUTES.toNanos(10);

    private record Key(RuleName rule, Filter filter) {}

    private final Map<Key, RateLimiter> rates = new ConcurrentHashMap<>();
    private final Map<Key, ConcurrencyLimiter> concurrencies = new ConcurrentHashMap<>();

    RateLimiter rate(RuleName rule, Filter.RateLimit limit) {
        return rates.computeIfAbsent(new Key(rule, limit), key -> new RateLimiter(limit));
    }

    ConcurrencyLimiter concurrency(RuleName rule, Filter.ConcurrencyLimit limit) {
        return concurrencies.computeIfAbsent(new Key(rule, limit), key -> new ConcurrencyLimiter(limit.requests()));
    }

    void tidy() {
        long now = System.nanoTime();
        rates.values().removeIf(limiter -> now - limiter.lastUsed() > KEPT);
        concurrencies.values().removeIf(limiter -> limiter.isIdle() && now - limiter.lastUsed() > KEPT);
    }
}
