package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.route.HeaderEdits;

/** Changes the request's fields. */
final class RequestHeadersStep implements Step {
    private final HeaderEdits edits;
    private final boolean changesHost;

    RequestHeadersStep(HeaderEdits edits) {
        this.edits = edits;
        this.changesHost = edits.set().stream().anyMatch(field -> FieldName.of(field.name()) == FieldName.HOST);
    }

    @Override
    public Outcome apply(Exchange exchange) {
        HeaderEditing.apply(edits, exchange.request().fields());
        if (changesHost) {
            String host = exchange.request().fields().first(FieldName.HOST);
            try {
                exchange.request().authority(host == null ? "" : host);
            } catch (BadMessage e) {
                exchange.fail(500, "host that a rule sets is none");
                return Outcome.ANSWERED;
            }
        }
        return Outcome.PASS;
    }
}
