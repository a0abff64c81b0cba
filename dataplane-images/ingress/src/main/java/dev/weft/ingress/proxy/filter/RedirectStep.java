package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.match.BoundedText;
import dev.weft.ingress.proxy.exchange.Answers;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.route.Filter;

/** Answers with a redirect, unless it would lead to where the client is. */
final class RedirectStep implements Step {
    private final Filter.Redirect redirect;
    private final String matchedPrefix;

    RedirectStep(Filter.Redirect redirect, String matchedPrefix) {
        this.redirect = redirect;
        this.matchedPrefix = matchedPrefix;
    }

    @Override
    public Outcome apply(Exchange exchange) {
        RequestHead request = exchange.request();
        String scheme = redirect.scheme().orElse(exchange.scheme());
        // A proxy in front that took TLS off, and says so: sending the client there again would never end.
        boolean there = redirect.scheme().isPresent()
                && redirect.scheme().get().equals(exchange.scheme())
                && !exchange.scheme().equals(exchange.peer().scheme())
                && redirect.host().isEmpty()
                && redirect.path().isEmpty();
        if (there) {
            return Outcome.PASS;
        }
        boolean whole = redirect.scheme().isEmpty()
                && redirect.host().isEmpty()
                && redirect.port().isEmpty();
        StringBuilder location = new StringBuilder(scheme).append("://");
        if (whole) {
            location.append(request.authority());
        } else {
            location.append(redirect.host().orElseGet(request::host));
            int port = port(exchange, scheme);
            if (port != (scheme.equals("https") ? 443 : 80)) {
                location.append(':').append(port);
            }
        }
        try {
            location.append(target(request));
        } catch (BoundedText.ExhaustedException e) {
            exchange.fail(500, String.valueOf(e.getMessage()));
            return Outcome.ANSWERED;
        }
        ResponseHead head = Answers.head(redirect.status());
        head.fields().add("Location", location.toString());
        exchange.answer(head, Answers.body(redirect.status()));
        return Outcome.ANSWERED;
    }

    private String target(RequestHead request) {
        String query = redirect.keepQuery() ? request.query() : "";
        return redirect.path()
                .map(rewrite -> Rewriting.target(rewrite, request.path(), query, matchedPrefix))
                .orElse(query.isEmpty() ? request.path() : request.path() + "?" + query);
    }

    private int port(Exchange exchange, String scheme) {
        if (redirect.port().isPresent()) {
            return redirect.port().get();
        }
        if (redirect.scheme().isPresent()) {
            return scheme.equals("https") ? 443 : 80;
        }
        return exchange.peer().external();
    }
}
