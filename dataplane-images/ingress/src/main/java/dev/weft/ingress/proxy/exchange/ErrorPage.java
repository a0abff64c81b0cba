package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.upstream.Cluster;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HeaderEdits;
import org.jspecify.annotations.Nullable;

/** Asks somebody for the page that is shown instead of an answer, as nginx' {@code error_page} does for ingress-nginx. */
final class ErrorPage {
    private final Exchange exchange;
    private final Filter.ErrorPages pages;
    private final @Nullable Cluster cluster;

    ErrorPage(Exchange exchange, Filter.ErrorPages pages, @Nullable Cluster cluster) {
        this.exchange = exchange;
        this.pages = pages;
        this.cluster = cluster;
    }

    /** @param nobody whether there was nobody to ask */
    boolean isFor(int code, boolean nobody) {
        return (pages.codes().contains(code) || (nobody && pages.whenNobody()))
                && cluster != null
                && !cluster.endpoints().isEmpty();
    }

    Delivery ask(int code) {
        RequestHead asked = exchange.request();
        RequestHead question = new RequestHead().clear();
        question.line(asked.method().equals("HEAD") ? "HEAD" : "GET", 11);
        question.target("/");
        question.body(false, 0);
        String accept = asked.fields().first("accept");
        String authority = asked.authority().isEmpty() ? "localhost" : asked.authority();
        try {
            question.authority(authority);
        } catch (BadMessage e) {
            throw new IllegalStateException("an authority that was good is not any more: " + authority, e);
        }
        question.fields().add(FieldName.HOST, authority);
        question.fields().add("X-Code", Integer.toString(code));
        question.fields().add("X-Format", accept == null ? "" : accept);
        question.fields().add("X-Original-URI", exchange.target());
        for (HeaderEdits.Field field : pages.headers()) {
            question.fields().set(field.name(), field.value());
        }
        Delivery delivery = new Delivery(exchange, question, null, null);
        Cluster to = cluster;
        if (to != null) {
            delivery.start(to, null);
        }
        return delivery;
    }
}
