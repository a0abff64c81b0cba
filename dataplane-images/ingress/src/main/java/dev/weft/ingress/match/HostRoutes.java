package dev.weft.ingress.match;

import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.RequestView;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The routes of a host: of those that fit, the first one is taken. Immutable. */
public final class HostRoutes {
    private final HttpRoute[] routes;
    private final PathTable paths;
    private final int[] regexes;

    /** @param routes who is first comes first; how that order is made is the business of who gives it */
    public HostRoutes(List<HttpRoute> routes) {
        this.routes = routes.toArray(HttpRoute[]::new);
        this.paths =
                new PathTable(routes.stream().map(route -> route.match().path()).toList());
        this.regexes = IntStream.range(0, this.routes.length)
                .filter(i -> this.routes[i].match().path() instanceof PathMatch.Regex)
                .toArray();
    }

    /** In their order. */
    public List<HttpRoute> routes() {
        return List.of(routes);
    }

    /** @param path by {@link Paths#normal} */
    @Nullable
    HttpRule find(String path, RequestView request) {
        Search search = new Search(request);
        paths.walk(path, search);
        int found = firstRegex(path, request, search.best);
        return found < routes.length ? routes[found].rule() : null;
    }

    /** Expressions are dear: those behind what was found without them are not looked at. */
    private int firstRegex(String path, RequestView request, int best) {
        for (int route : regexes) {
            if (route > best) {
                break;
            }
            if (routes[route].match().fitsBesidePath(request)
                    && routes[route].match().path() instanceof PathMatch.Regex(Pattern pattern)
                    && BoundedText.find(pattern, path)) {
                return route;
            }
        }
        return best;
    }

    private final class Search implements PathTable.Candidates {
        private final RequestView request;
        private int best = routes.length;

        Search(RequestView request) {
            this.request = request;
        }

        @Override
        public void look(int[] candidates) {
            for (int route : candidates) {
                if (route >= best) {
                    return;
                }
                if (routes[route].match().fitsBesidePath(request)) {
                    best = route;
                    return;
                }
            }
        }
    }
}
