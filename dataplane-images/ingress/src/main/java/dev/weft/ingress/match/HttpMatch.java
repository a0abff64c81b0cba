package dev.weft.ingress.match;

import dev.weft.ingress.route.RequestView;
import java.util.List;
import java.util.Optional;

/**
 * Which requests of a host fit: those that fit everything that is said here.
 *
 * @param method any if empty; case-sensitive
 */
public record HttpMatch(PathMatch path, Optional<String> method, List<Field> headers, List<Field> query) {
    public HttpMatch {
        headers = List.copyOf(headers);
        query = List.copyOf(query);
    }

    /** By path alone. */
    public static HttpMatch of(PathMatch path) {
        return new HttpMatch(path, Optional.empty(), List.of(), List.of());
    }

    /**
     * A header field or query parameter that has to be there.
     *
     * @param name of header fields in lower case; of parameters decoded, and case-sensitive
     * @param value one of several header fields of that name, the first of several parameters
     */
    public record Field(String name, ValueMatch value) {}

    /** Whether all but the path fits. */
    boolean fitsBesidePath(RequestView request) {
        return (method.isEmpty() || method.get().equals(request.method()))
                && fitsHeaders(request)
                && (query.isEmpty() || fitsQuery(request.query()));
    }

    private boolean fitsHeaders(RequestView request) {
        for (Field field : headers) {
            if (!request.anyHeader(field.name(), field.value())) {
                return false;
            }
        }
        return true;
    }

    private boolean fitsQuery(String text) {
        for (Field field : query) {
            if (Query.first(text, field.name()).filter(field.value()).isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
