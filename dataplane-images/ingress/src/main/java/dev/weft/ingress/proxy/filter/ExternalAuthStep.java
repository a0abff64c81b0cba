package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Answers;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.exchange.Subrequest;
import dev.weft.ingress.proxy.exchange.Template;
import dev.weft.ingress.proxy.http.BadMessage;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.proxy.upstream.Cluster;
import dev.weft.ingress.route.Filter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks somebody else whether a request may pass, as nginx' {@code auth_request} does. */
final class ExternalAuthStep implements Step {
    /** Of the question none of what belongs to the request's body and connection. */
    private static final long NOT_COPIED = FieldName.HOP_BY_HOP
            | FieldName.FORWARDING
            | FieldName.mask(FieldName.HOST, FieldName.CONTENT_LENGTH, FieldName.EXPECT, FieldName.CONTENT_TYPE);

    /** Answers to which nginx' {@code add_header} applies. */
    private static final Set<Integer> WITH_COOKIES = Set.of(200, 201, 204, 206, 301, 302, 303, 304, 307, 308);

    private final Filter.ExternalAuth auth;
    private final @Nullable Cluster cluster;
    private final Template path;
    private final @Nullable Template signin;
    private final Map<String, Template> headers = new LinkedHashMap<>();

    ExternalAuthStep(Filter.ExternalAuth auth, @Nullable Cluster cluster) {
        this.auth = auth;
        this.cluster = cluster;
        this.path = new Template(auth.path());
        this.signin = auth.signin().map(Template::new).orElse(null);
        auth.headers().forEach(field -> headers.put(field.name(), new Template(field.value())));
    }

    @Override
    public Outcome apply(Exchange exchange) {
        RequestHead question;
        try {
            question = question(exchange);
        } catch (BadMessage e) {
            exchange.fail(500, "host of the authentication is malformed");
            return Outcome.ANSWERED;
        }
        Subrequest asked = new Subrequest(exchange.loop(), question, new Subrequest.Outcome() {
            @Override
            public void answered(ResponseHead head) {
                if (!exchange.isDone()) {
                    decide(exchange, head);
                }
            }

            @Override
            public void failed(String why) {
                exchange.fail(500, "authentication: " + why);
            }
        });
        exchange.atEnd(() -> asked.stop("client is gone"));
        asked.start(cluster);
        return exchange.isDone() ? Outcome.ANSWERED : Outcome.LATER;
    }

    private RequestHead question(Exchange exchange) throws BadMessage {
        RequestHead request = exchange.request();
        RequestHead question = new RequestHead().clear();
        Fields from = request.fields();
        Fields to = question.fields();
        question.line(auth.method().orElse("GET"), 11);
        to.add("Host", auth.host());
        question.authority(auth.host());
        question.target(path.of(exchange));
        question.body(false, 0);
        for (int field = 0; field < from.count(); field++) {
            boolean wanted = !from.isRemoved(field)
                    && (NOT_COPIED >>> from.id(field) & 1) == 0
                    && (auth.requestHeaders().isEmpty() || contains(from.name(field)));
            if (wanted) {
                to.add(from.name(field), from.value(field));
            }
        }
        to.set("X-Original-URL", exchange.scheme() + "://" + request.authority() + exchange.target());
        to.set("X-Original-Method", request.method());
        to.set("X-Sent-From", "weft-ingress");
        to.set("X-Real-IP", exchange.client().toString());
        to.set("X-Forwarded-For", exchange.client().toString());
        to.set("X-Forwarded-Method", request.method());
        to.set("X-Forwarded-Proto", exchange.scheme());
        to.set("X-Forwarded-Host", request.authority());
        to.set("X-Forwarded-Uri", exchange.target());
        to.set("X-Auth-Request-Redirect", exchange.target());
        headers.forEach((name, value) -> to.set(name, value.of(exchange)));
        return question;
    }

    private boolean contains(String name) {
        return auth.requestHeaders().stream().anyMatch(name::equalsIgnoreCase);
    }

    private void decide(Exchange exchange, ResponseHead head) {
        int status = head.status();
        Fields answer = head.fields();
        if (status >= 200 && status < 300) {
            pass(exchange, answer);
            return;
        }
        if (status != 401 && status != 403) {
            exchange.fail(500, "authentication answered " + status);
            return;
        }
        ResponseHead refusal;
        Template elsewhere = signin;
        if (elsewhere != null && status == 401) {
            refusal = Answers.head(302);
            refusal.fields().add("Location", elsewhere.of(exchange));
        } else {
            refusal = Answers.head(status);
            String challenge = answer.first("www-authenticate");
            if (challenge != null) {
                refusal.fields().add("WWW-Authenticate", challenge);
            }
        }
        setCookies(refusal, cookies(answer));
        exchange.refuse(refusal, "authentication refused");
    }

    private void pass(Exchange exchange, Fields answer) {
        for (String name : auth.responseHeaders()) {
            exchange.request().fields().remove(name);
            String value = answer.first(name);
            if (value != null) {
                exchange.request().fields().add(name, value);
            }
        }
        List<String> cookies = cookies(answer);
        if (!cookies.isEmpty()) {
            exchange.edit((of, response) -> setCookies(response, cookies));
        }
        exchange.resume();
    }

    private void setCookies(ResponseHead head, List<String> cookies) {
        if (auth.alwaysSetCookie() || WITH_COOKIES.contains(head.status())) {
            cookies.forEach(cookie -> head.fields().add("Set-Cookie", cookie));
        }
    }

    private static List<String> cookies(Fields answer) {
        List<String> all = new ArrayList<>(0);
        for (int field = answer.find(FieldName.SET_COOKIE, 0);
                field >= 0;
                field = answer.find(FieldName.SET_COOKIE, field + 1)) {
            all.add(answer.value(field));
        }
        return all;
    }
}
