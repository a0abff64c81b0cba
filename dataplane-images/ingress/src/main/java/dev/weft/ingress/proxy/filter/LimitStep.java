package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Answers;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Peer;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.route.Filter;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Refuses a client that asks for too much, and says when it may again. */
final class LimitStep implements Step {
    /** What is counted of a client. */
    interface Limit {
        /** Counts a request: 0 if it may pass, otherwise the nanoseconds after which one may. */
        long take(Exchange exchange, Ip client);
    }

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<Cidr> except;
    private final int status;
    private final String why;
    private final Limit limit;

    /** @param except clients that are not counted */
    LimitStep(List<Cidr> except, int status, String why, Limit limit) {
        this.except = except;
        this.status = status;
        this.why = why;
        this.limit = limit;
    }

    /** So many in a time. */
    static LimitStep of(Filter.RateLimit limit, RateLimiter limiter) {
        return new LimitStep(
                limit.except(),
                limit.status(),
                "rate limit",
                (exchange, client) -> limiter.take(client, System.nanoTime()));
    }

    /** So many at one time. */
    static LimitStep of(Filter.ConcurrencyLimit limit, ConcurrencyLimiter limiter) {
        return new LimitStep(limit.except(), limit.status(), "too many open requests", (exchange, client) -> {
            if (!limiter.begin(client)) {
                return SECOND;
            }
            exchange.atEnd(() -> limiter.end(client));
            return 0;
        });
    }

    @Override
    public Outcome apply(Exchange exchange) {
        Ip client = exchange.client();
        if (Peer.isIn(except, client)) {
            return Outcome.PASS;
        }
        long wait = limit.take(exchange, client);
        if (wait == 0) {
            return Outcome.PASS;
        }
        ResponseHead head = Answers.head(status);
        head.fields().add("Retry-After", Long.toString(Math.max(1, (wait + SECOND - 1) / SECOND)));
        exchange.engine().observer().limited(exchange);
        exchange.refuse(head, why);
        return Outcome.ANSWERED;
    }
}
