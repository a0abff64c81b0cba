package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Answers;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Peer;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.route.Filter;
import dev.weft.net.Ip;

/** Refuses a client that asks too often, and says when it may again. */
final class RateLimitStep implements Step {
    private final Filter.RateLimit limit;
    private final RateLimiter limiter;

    RateLimitStep(Filter.RateLimit limit, RateLimiter limiter) {
        this.limit = limit;
        this.limiter = limiter;
    }

    @Override
    public Outcome apply(Exchange exchange) {
        Ip client = exchange.client();
        if (Peer.isIn(limit.except(), client)) {
            return Outcome.PASS;
        }
        long wait = limiter.take(client, System.nanoTime());
        if (wait == 0) {
            return Outcome.PASS;
        }
        ResponseHead head = Answers.head(limit.status());
        head.fields().add("Retry-After", Long.toString(Math.max(1, (wait + 999_999_999) / 1_000_000_000)));
        exchange.engine().observer().limited(exchange);
        exchange.refuse(head, "rate limit");
        return Outcome.ANSWERED;
    }
}
