package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Peer;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.route.Filter;
import dev.weft.net.Ip;

/** Refuses clients by their address. */
final class SourcesStep implements Step {
    private final Filter.Sources sources;

    SourcesStep(Filter.Sources sources) {
        this.sources = sources;
    }

    @Override
    public Outcome apply(Exchange exchange) {
        Ip client = exchange.client();
        if (Peer.isIn(sources.deny(), client) || (!sources.allow().isEmpty() && !Peer.isIn(sources.allow(), client))) {
            exchange.fail(403, "client address is not allowed");
            return Outcome.ANSWERED;
        }
        return Outcome.PASS;
    }
}
