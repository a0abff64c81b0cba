package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Answers;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Peer;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.route.Filter;
import dev.weft.net.Ip;

/** Refuses a client that has too many open requests. */
final class ConcurrencyLimitStep implements Step {
    private final Filter.ConcurrencyLimit limit;
    private final ConcurrencyLimiter limiter;

    ConcurrencyLimitStep(Filter.ConcurrencyLimit limit, ConcurrencyLimiter limiter) {
        this.limit = limit;
        this.limiter = limiter;
    }

    @Override
    public Outcome apply(Exchange exchange) {
        Ip client = exchange.client();
        if (Peer.isIn(limit.except(), client)) {
            return Outcome.PASS;
        }
        if (limiter.begin(client)) {
            exchange.atEnd(() -> limiter.end(client));
            return Outcome.PASS;
        }
        ResponseHead head = Answers.head(limit.status());
        head.fields().add("Retry-After", "1");
        exchange.engine().observer().limited(exchange);
        exchange.refuse(head, "too many open requests");
        return Outcome.ANSWERED;
    }
}
