package dev.weft.ingress.gateway.api;

import dev.weft.kube.Decoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads GRPCRoutes, with methods as paths. */
final class GrpcRouteJson {
    static final Decoder<HttpRoute> DECODER = SpecDraft.of(GrpcRouteJson::read);

    private GrpcRouteJson() {}

    private static HttpRoute read(Meta meta, Json spec, Map<String, Object> status) {
        return new HttpRoute(
                "GRPCRoute",
                meta,
                ParentRef.list(spec),
                HttpRouteJson.hostnames(spec),
                spec.array("rules").stream().map(GrpcRouteJson::rule).toList(),
                status);
    }

    private static HttpRoute.Rule rule(Json json) {
        List<HttpRoute.Match> matches =
                json.array("matches").stream().map(GrpcRouteJson::match).toList();
        return new HttpRoute.Rule(
                matches.isEmpty() ? List.of(match(Json.NOTHING)) : matches,
                FilterSpec.list(json),
                BackendRef.list(json),
                "",
                "",
                Optional.empty(),
                HttpRoute.Session.of(json));
    }

    private static HttpRoute.Match match(Json json) {
        return new HttpRoute.Match(
                path(json.get("method")), "", HttpRouteJson.fields(json.array("headers"), true), List.of());
    }

    /** A request's path is a slash, the service, a slash and the method (gRPC over HTTP/2, "Requests"). */
    private static HttpRoute.PathSpec path(Json json) {
        String service = json.string("service");
        String method = json.string("method");
        if (json.string("type").equals("RegularExpression")) {
            return new HttpRoute.PathSpec(
                    "RegularExpression",
                    "/" + (service.isEmpty() ? "[^/]+" : "(?:" + service + ")") + "/"
                            + (method.isEmpty() ? "[^/]+" : "(?:" + method + ")"));
        }
        if (!service.isEmpty()) {
            return method.isEmpty()
                    ? new HttpRoute.PathSpec("PathPrefix", "/" + service)
                    : new HttpRoute.PathSpec("Exact", "/" + service + "/" + method);
        }
        return method.isEmpty()
                ? new HttpRoute.PathSpec("PathPrefix", "/")
                : new HttpRoute.PathSpec(HttpRoute.PathSpec.METHOD, "/[^/]+/" + Pattern.quote(method));
    }
}
