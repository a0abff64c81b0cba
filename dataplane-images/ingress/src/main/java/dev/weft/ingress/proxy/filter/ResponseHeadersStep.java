package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.route.HeaderEdits;

/** Changes the answer's fields. */
final class ResponseHeadersStep implements Step {
    private final HeaderEdits edits;

    ResponseHeadersStep(HeaderEdits edits) {
        this.edits = edits;
    }

    @Override
    public Outcome apply(Exchange exchange) {
        exchange.edit((of, head) -> HeaderEditing.apply(edits, head.fields()));
        return Outcome.PASS;
    }
}
