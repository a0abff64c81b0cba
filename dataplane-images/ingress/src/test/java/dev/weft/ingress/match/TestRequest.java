package dev.weft.ingress.match;

import dev.weft.ingress.route.RequestView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A request as tests write it. */
public record TestRequest(String host, String method, String path, String query, List<String> headers)
        implements RequestView {
    /** @param url {@code host/path?query} */
    public static TestRequest get(String url) {
        int slash = url.indexOf('/');
        int mark = url.indexOf('?');
        return new TestRequest(
                url.substring(0, slash),
                "GET",
                url.substring(slash, mark < 0 ? url.length() : mark),
                mark < 0 ? "" : url.substring(mark + 1),
                List.of());
    }

    public TestRequest method(String other) {
        return new TestRequest(host, other, path, query, headers);
    }

    /** @param field {@code name: value}, the name in lower case */
    public TestRequest header(String field) {
        List<String> all = new ArrayList<>(headers);
        all.add(field);
        return new TestRequest(host, method, path, query, all);
    }

    @Override
    public boolean anyHeader(String name, Predicate<? super String> accepts) {
        return headers.stream()
                .filter(field -> field.startsWith(name + ": "))
                .anyMatch(field -> accepts.test(field.substring(name.length() + 2)));
    }
}
