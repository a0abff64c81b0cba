package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Answers;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.proxy.http.ResponseHead;
import dev.weft.ingress.route.Filter;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Cross-origin resource sharing (Fetch standard, 3.2): answers preflights, and tells in other answers who may read them. An
 * origin that is not allowed is told nothing, and its browser refuses.
 */
final class CorsStep implements Step {
    private final Filter.Cors cors;
    private final boolean anyOrigin;
    private final List<Pattern> origins;

    CorsStep(Filter.Cors cors) {
        this.cors = cors;
        this.anyOrigin = cors.origins().isEmpty() || cors.origins().contains("*");
        this.origins = cors.origins().stream().map(this::pattern).toList();
    }

    private Pattern pattern(String origin) {
        String any = cors.oneLabel() ? "[A-Za-z0-9-]+" : "[^/]*";
        String text = Arrays.stream(origin.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(any));
        return Pattern.compile(text, Pattern.CASE_INSENSITIVE);
    }

    @Override
    public Outcome apply(Exchange exchange) {
        Fields fields = exchange.request().fields();
        String origin = fields.first(FieldName.ORIGIN);
        boolean preflight =
                exchange.request().method().equals("OPTIONS") && origin != null && fields.has(FieldName.REQUEST_METHOD);
        String allowed = allowed(origin);
        if (!preflight) {
            exchange.edit((of, head) -> answer(head.fields(), allowed));
            return Outcome.PASS;
        }
        ResponseHead head = Answers.head(204);
        if (allowed != null) {
            preflight(head.fields(), allowed, fields);
        }
        vary(head.fields());
        exchange.answer(head, new byte[0]);
        return Outcome.ANSWERED;
    }

    private @Nullable String allowed(@Nullable String origin) {
        if (origin == null) {
            return null;
        }
        if (anyOrigin) {
            // With credentials a star is not taken by browsers.
            return cors.credentials() ? origin : "*";
        }
        return origins.stream().anyMatch(pattern -> pattern.matcher(origin).matches()) ? origin : null;
    }

    private void preflight(Fields to, String allowed, Fields request) {
        to.add("Access-Control-Allow-Origin", allowed);
        if (cors.credentials()) {
            to.add("Access-Control-Allow-Credentials", "true");
        }
        String wantedMethod = request.first(FieldName.REQUEST_METHOD);
        String methods = star(cors.methods(), wantedMethod);
        if (!methods.isEmpty()) {
            to.add("Access-Control-Allow-Methods", methods);
        }
        String headers = star(cors.headers(), request.joined(FieldName.REQUEST_HEADERS));
        if (!headers.isEmpty()) {
            to.add("Access-Control-Allow-Headers", headers);
        }
        if (!cors.exposed().isEmpty()) {
            // Browsers heed it in the answer itself alone; Gateway API's tests look for it here too.
            to.add("Access-Control-Expose-Headers", String.join(", ", cors.exposed()));
        }
        to.add("Access-Control-Max-Age", Long.toString(cors.maxAge().toSeconds()));
    }

    /** With credentials a star means itself only, so what was asked for is named instead. */
    private String star(List<String> allowed, @Nullable String wanted) {
        if (allowed.contains("*")) {
            return cors.credentials() ? wanted == null ? "" : wanted : "*";
        }
        return String.join(", ", allowed);
    }

    private void answer(Fields to, @Nullable String allowed) {
        if (allowed != null) {
            to.set("Access-Control-Allow-Origin", allowed);
            if (cors.credentials()) {
                to.set("Access-Control-Allow-Credentials", "true");
            }
            if (!cors.exposed().isEmpty()) {
                to.set("Access-Control-Expose-Headers", String.join(", ", cors.exposed()));
            }
        }
        vary(to);
    }

    private void vary(Fields to) {
        if (!anyOrigin || cors.credentials()) {
            to.add("Vary", "Origin");
        }
    }
}
