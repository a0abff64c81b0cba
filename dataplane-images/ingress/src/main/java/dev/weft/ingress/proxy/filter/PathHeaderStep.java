package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.match.BoundedText;
import dev.weft.ingress.match.RegexRewrite;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.route.Filter;

/** Tells the backend a part of the path that was asked for. */
final class PathHeaderStep implements Step {
    private final Filter.PathHeader header;

    PathHeaderStep(Filter.PathHeader header) {
        this.header = header;
    }

    @Override
    public Outcome apply(Exchange exchange) {
        RequestHead request = exchange.request();
        String asked = exchange.target();
        int mark = asked.indexOf('?');
        String path = mark < 0 ? asked : asked.substring(0, mark);
        request.fields().remove(header.name());
        try {
            RegexRewrite.replaced(header.value(), path)
                    .ifPresent(value -> request.fields().add(header.name(), value));
        } catch (BoundedText.ExhaustedException e) {
            exchange.fail(500, String.valueOf(e.getMessage()));
            return Outcome.ANSWERED;
        }
        return Outcome.PASS;
    }
}
