package dev.weft.ingress.gateway.api;

import dev.weft.ingress.route.HeaderEdits;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A filter of an HTTPRoute or GRPCRoute, as it is written. */
public sealed interface FilterSpec {
    record RequestHeaders(HeaderEdits edits) implements FilterSpec {}

    record ResponseHeaders(HeaderEdits edits) implements FilterSpec {}

    /** @param status 302 unless said otherwise */
    record Redirect(Optional<String> scheme, Optional<String> host, int port, Optional<PathSpec> path, int status)
            implements FilterSpec {}

    record Rewrite(Optional<String> host, Optional<PathSpec> path) implements FilterSpec {}

    record Mirror(BackendRef backend, int numerator, int denominator) implements FilterSpec {}

    record Cors(
            List<String> origins,
            List<String> methods,
            List<String> headers,
            List<String> exposed,
            boolean credentials,
            int maxAgeSeconds)
            implements FilterSpec {}

    /** @param protocol {@code HTTP} or another, which is not supported */
    record ExternalAuth(
            BackendRef backend,
            String protocol,
            String path,
            List<String> requestHeaders,
            List<String> responseHeaders,
            boolean body)
            implements FilterSpec {}

    /** By reference, or of a type that is not known. */
    record Unknown(String type) implements FilterSpec {}

    /** @param full whether the path is replaced as a whole, otherwise the prefix that fitted */
    record PathSpec(boolean full, String value) {}

    static List<FilterSpec> list(Json holder) {
        return holder.array("filters").stream().map(FilterSpec::of).toList();
    }

    private static FilterSpec of(Json json) {
        String type = json.string("type");
        return switch (type) {
            case "RequestHeaderModifier" -> new RequestHeaders(edits(json.get("requestHeaderModifier")));
            case "ResponseHeaderModifier" -> new ResponseHeaders(edits(json.get("responseHeaderModifier")));
            case "RequestRedirect" -> redirect(json.get("requestRedirect"));
            case "URLRewrite" ->
                new Rewrite(
                        json.get("urlRewrite").optional("hostname"),
                        path(json.get("urlRewrite").get("path")));
            case "RequestMirror" -> mirror(json.get("requestMirror"));
            case "CORS" -> cors(json.get("cors"));
            case "ExternalAuth" -> externalAuth(json.get("externalAuth"));
            case "ExtensionRef" -> new Unknown("reference to " + Reference.of(json.get("extensionRef"), "", ""));
            default -> new Unknown(type);
        };
    }

    private static HeaderEdits edits(Json json) {
        return new HeaderEdits(
                fields(json.array("set")),
                fields(json.array("add")),
                json.strings("remove").stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList());
    }

    private static List<HeaderEdits.Field> fields(List<Json> items) {
        return items.stream()
                .map(item -> new HeaderEdits.Field(item.string("name"), item.string("value")))
                .toList();
    }

    private static Redirect redirect(Json json) {
        return new Redirect(
                json.optional("scheme"),
                json.optional("hostname"),
                json.integer("port"),
                path(json.get("path")),
                json.integer("statusCode", 302));
    }

    private static Optional<PathSpec> path(Json json) {
        return switch (json.string("type")) {
            case "ReplaceFullPath" -> Optional.of(new PathSpec(true, json.string("replaceFullPath")));
            case "ReplacePrefixMatch" -> Optional.of(new PathSpec(false, json.string("replacePrefixMatch")));
            default -> Optional.empty();
        };
    }

    private static Mirror mirror(Json json) {
        BackendRef backend = BackendRef.of(json.get("backendRef"));
        if (json.has("fraction")) {
            Json fraction = json.get("fraction");
            return new Mirror(backend, fraction.integer("numerator"), fraction.integer("denominator", 100));
        }
        return new Mirror(backend, json.integer("percent", 100), 100);
    }

    private static Cors cors(Json json) {
        return new Cors(
                json.strings("allowOrigins"),
                json.strings("allowMethods"),
                json.strings("allowHeaders"),
                json.strings("exposeHeaders"),
                json.isTrue("allowCredentials"),
                json.integer("maxAge", 5));
    }

    private static ExternalAuth externalAuth(Json json) {
        Json http = json.get("http");
        return new ExternalAuth(
                BackendRef.of(json.get("backendRef")),
                json.string("protocol"),
                http.string("path"),
                http.strings("allowedHeaders"),
                http.strings("allowedResponseHeaders"),
                json.get("forwardBody").integer("maxSize") > 0);
    }
}
