package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Answers;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.route.Filter;

/** Answers with a redirect to one place. */
final class RedirectToStep implements Step {
    private final Filter.RedirectTo redirect;

    RedirectToStep(Filter.RedirectTo redirect) {
        this.redirect = redirect;
    }

    @Override
    public Outcome apply(Exchange exchange) {
        ResponseHead head = Answers.head(redirect.status());
        head.fields().add("Location", redirect.location());
        exchange.answer(head, Answers.body(redirect.status()));
        return Outcome.ANSWERED;
    }
}
