package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Answers;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.route.Filter;

/** Sends clients without TLS to the same place with it. */
final class ToHttpsStep implements Step {
    private final Filter.ToHttps redirect;

    ToHttpsStep(Filter.ToHttps redirect) {
        this.redirect = redirect;
    }

    @Override
    public Outcome apply(Exchange exchange) {
        if (exchange.scheme().equals("https")) {
            return Outcome.PASS;
        }
        String port = redirect.port() == 443 ? "" : ":" + redirect.port();
        ResponseHead head = Answers.head(redirect.status());
        head.fields().add("Location", "https://" + exchange.request().host() + port + exchange.target());
        exchange.answer(head, Answers.body(redirect.status()));
        return Outcome.ANSWERED;
    }
}
