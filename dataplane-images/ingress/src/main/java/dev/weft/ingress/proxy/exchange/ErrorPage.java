package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.upstream.Cluster;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HeaderEdits;
import org.jspecify.annotations.Nullable;

/** Asks somebody for the page that is shown instead of an answer, as nginx' {@code error_page} does for ingress-nginx. */
final class ErrorPage {
    /** Not what belongs to the request's body and connection, and what nobody has looked at yet. */
    private static final long NOT_COPIED = FieldName.HOP_BY_HOP
            | FieldName.FORWARDING
            | FieldName.mask(FieldName.CONTENT_LENGTH, FieldName.CONTENT_TYPE, FieldName.EXPECT, FieldName.TRAILER);

    private final Exchange exchange;
    private final Filter.ErrorPages pages;
    private final @Nullable Cluster cluster;

    ErrorPage(Exchange exchange, Filter.ErrorPages pages, @Nullable Cluster cluster) {
        this.exchange = exchange;
        this.pages = pages;
        this.cluster = cluster;
    }

    boolean isFor(int code) {
        return pages.codes().contains(code) && isThere();
    }

    /** Whether it takes the place of a backend that is not there. */
    boolean standsIn() {
        return pages.whenNobody() && isThere();
    }

    private boolean isThere() {
        return cluster != null && !cluster.endpoints().isEmpty();
    }

    Delivery ask(int code) {
        RequestHead asked = exchange.request();
        RequestHead question = new RequestHead().clear();
        question.line(asked.method().equals("HEAD") ? "HEAD" : "GET", 11);
        question.target(asked.query().isEmpty() ? "/" : "/?" + asked.query());
        question.body(false, 0);
        String authority = asked.authority().isEmpty() ? "localhost" : asked.authority();
        try {
            question.authority(authority);
        } catch (BadMessage e) {
            throw new IllegalStateException("an authority that was good is not any more: " + authority, e);
        }
        Fields to = question.fields();
        to.copyOf(asked.fields());
        to.removeNominated();
        to.removeAll(NOT_COPIED);
        to.set("Host", authority);
        to.set("X-Forwarded-For", exchange.client().toString());
        to.set("X-Original-URI", exchange.target());
        return deliver(question, code);
    }

    /** Asks what the client asked. */
    Delivery standIn() {
        return deliver(exchange.request(), 503);
    }

    private Delivery deliver(RequestHead question, int code) {
        Fields fields = question.fields();
        String accept = fields.first("accept");
        fields.set("X-Code", Integer.toString(code));
        fields.remove("X-Format");
        if (accept != null) {
            fields.add("X-Format", accept);
        }
        for (HeaderEdits.Field field : pages.headers()) {
            fields.set(field.name(), field.value());
        }
        Delivery delivery = new Delivery(exchange, question, null, null);
        Cluster to = cluster;
        if (to != null) {
            delivery.start(to, null);
        }
        return delivery;
    }
}
