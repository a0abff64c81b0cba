package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.match.BoundedText;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.route.Filter;

/** Changes what the backend is asked. */
final class RewriteStep implements Step {
    private final Filter.Rewrite rewrite;
    private final String matchedPrefix;

    RewriteStep(Filter.Rewrite rewrite, String matchedPrefix) {
        this.rewrite = rewrite;
        this.matchedPrefix = matchedPrefix;
    }

    @Override
    public Outcome apply(Exchange exchange) {
        RequestHead request = exchange.request();
        try {
            rewrite.path()
                    .ifPresent(path ->
                            request.target(Rewriting.target(path, request.path(), request.query(), matchedPrefix)));
        } catch (BoundedText.ExhaustedException e) {
            exchange.fail(500, String.valueOf(e.getMessage()));
            return Outcome.ANSWERED;
        }
        rewrite.host().ifPresent(host -> request.fields().set(FieldName.text(FieldName.HOST), host));
        return Outcome.PASS;
    }
}
