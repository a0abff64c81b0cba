package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.route.HeaderEdits;

/** Changes the request's fields. */
final class RequestHeadersStep implements Step {
    private final HeaderEdits edits;

    RequestHeadersStep(HeaderEdits edits) {
        this.edits = edits;
    }

    @Override
    public Outcome apply(Exchange exchange) {
        HeaderEditing.apply(edits, exchange.request().fields());
        return Outcome.PASS;
    }
}
