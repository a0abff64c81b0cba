package dev.weft.ingress.gateway.api;

import dev.weft.kube.Decoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads HTTPRoutes. */
final class HttpRouteJson {
    static final Decoder<HttpRoute> DECODER = SpecDraft.of(HttpRouteJson::read);

    /** A rule without matches fits everything, and a route without rules has one without anything. */
    private static final HttpRoute.Match EVERYTHING =
            new HttpRoute.Match(new HttpRoute.PathSpec("PathPrefix", "/"), "", List.of(), List.of());

    private HttpRouteJson() {}

    private static HttpRoute read(Meta meta, Json spec, Map<String, Object> status) {
        return new HttpRoute(
                "HTTPRoute",
                meta,
                ParentRef.list(spec),
                hostnames(spec),
                spec.has("rules")
                        ? spec.array("rules").stream().map(HttpRouteJson::rule).toList()
                        : List.of(rule(Json.NOTHING)),
                status);
    }

    static List<String> hostnames(Json spec) {
        return spec.strings("hostnames").stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static HttpRoute.Rule rule(Json json) {
        List<HttpRoute.Match> matches =
                json.array("matches").stream().map(HttpRouteJson::match).toList();
        Json timeouts = json.get("timeouts");
        return new HttpRoute.Rule(
                matches.isEmpty() ? List.of(EVERYTHING) : matches,
                FilterSpec.list(json),
                BackendRef.list(json),
                timeouts.string("request"),
                timeouts.string("backendRequest"),
                json.has("retry") ? Optional.of(retry(json.get("retry"))) : Optional.empty(),
                HttpRoute.Session.of(json));
    }

    private static HttpRoute.Match match(Json json) {
        Json path = json.get("path");
        return new HttpRoute.Match(
                new HttpRoute.PathSpec(path.string("type", "PathPrefix"), path.string("value", "/")),
                json.string("method"),
                fields(json.array("headers"), true),
                fields(json.array("queryParams"), false));
    }

    /** Of those of equal names the first counts. */
    static List<HttpRoute.Field> fields(List<Json> items, boolean headers) {
        List<HttpRoute.Field> fields = new ArrayList<>();
        for (Json item : items) {
            String name = headers ? item.string("name").toLowerCase(Locale.ROOT) : item.string("name");
            if (fields.stream().noneMatch(field -> field.name().equals(name))) {
                fields.add(new HttpRoute.Field(item.string("type", "Exact"), name, item.string("value")));
            }
        }
        return fields;
    }

    private static HttpRoute.RetrySpec retry(Json json) {
        List<Integer> codes = new ArrayList<>();
        if (json.get("codes").value() instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Long code && code >= 100 && code < 600) {
                    codes.add(code.intValue());
                }
            }
        }
        return new HttpRoute.RetrySpec(codes, json.integer("attempts"), json.string("backoff"));
    }
}
