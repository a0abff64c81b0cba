package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Answers;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.route.Filter;
import java.util.Optional;

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
        String path = redirect.path()
                .map(rewrite -> Rewriting.path(rewrite, request.path(), matchedPrefix))
                .orElse(request.path());
        StringBuilder location = new StringBuilder(scheme).append("://").append(host(request, redirect.host()));
        int port = port(exchange, scheme);
        if (port != (scheme.equals("https") ? 443 : 80)) {
            location.append(':').append(port);
        }
        location.append(path);
        if (redirect.keepQuery() && !request.query().isEmpty()) {
            location.append(path.indexOf('?') < 0 ? '?' : '&').append(request.query());
        }
        ResponseHead head = Answers.head(redirect.status());
        head.fields().add("Location", location.toString());
        exchange.answer(head, Answers.body(redirect.status()));
        return Outcome.ANSWERED;
    }

    private static String host(RequestHead request, Optional<String> host) {
        return host.orElseGet(() -> request.host());
    }

    private int port(Exchange exchange, String scheme) {
        if (redirect.port().isPresent()) {
            return redirect.port().get();
        }
        if (redirect.scheme().isPresent()) {
            return scheme.equals("https") ? 443 : 80;
        }
        return exchange.peer().port();
    }
}
