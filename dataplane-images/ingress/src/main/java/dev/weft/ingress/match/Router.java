package dev.weft.ingress.match;

import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.HttpRouter;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.RequestView;
import dev.weft.ingress.route.RuleName;
import dev.weft.ingress.route.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Routes by host, then by what {@link HostRoutes} says. Immutable; making one of 10,000 hosts copies a map of references.
 *
 * <p>A host is looked up exactly, then by wildcards from the longest to the shortest, then any host.
 */
public final class Router implements HttpRouter {
    private static final RuleName NO_RULE = new RuleName("", "", "", 0);
    private static final HttpRule BAD_REQUEST = HttpRule.of(NO_RULE, Target.respond(400));
    private static final HttpRule TOO_HARD = HttpRule.of(NO_RULE, Target.respond(500));

    /** What follows when a host fits and none of its routes does. */
    public enum Miss {
        /** Nothing more: as nginx, where a server that was chosen stays chosen. */
        NOT_FOUND,
        /** The next host that fits. */
        NEXT_HOST
    }

    private final Map<String, HostRoutes> exact = new HashMap<>();
    private final Map<String, HostRoutes> oneLabel = new HashMap<>();
    private final Map<String, HostRoutes> labels = new HashMap<>();
    private final @Nullable HostRoutes any;
    private final Miss miss;

    /** @param hosts what is served for which */
    public Router(Map<HostPattern, HostRoutes> hosts, Miss miss) {
        this.miss = miss;
        this.any = hosts.get(HostPattern.ANY);
        hosts.forEach((pattern, routes) -> {
            switch (pattern.kind()) {
                case EXACT -> exact.put(pattern.name(), routes);
                case ONE_LABEL -> oneLabel.put(pattern.name(), routes);
                case LABELS -> labels.put(pattern.name(), routes);
                case ANY -> {}
            }
        });
    }

    @Override
    public HttpRule route(RequestView request) {
        Optional<String> path = Paths.normal(request.path());
        if (path.isEmpty()) {
            return BAD_REQUEST;
        }
        try {
            HttpRule found = find(path.get(), request);
            return found == null ? HttpRule.NOT_FOUND : found;
        } catch (BoundedText.ExhaustedException e) {
            return TOO_HARD;
        }
    }

    private @Nullable HttpRule find(String path, RequestView request) {
        HostRoutes named = exact.get(request.host());
        if (named != null) {
            HttpRule rule = named.find(path, request);
            if (rule != null || miss == Miss.NOT_FOUND) {
                return rule;
            }
        }
        for (HostRoutes wild : wildcards(request.host())) {
            HttpRule rule = wild.find(path, request);
            if (rule != null || miss == Miss.NOT_FOUND) {
                return rule;
            }
        }
        return any == null ? null : any.find(path, request);
    }

    /** From the longest to the shortest. */
    private List<HostRoutes> wildcards(String host) {
        if (oneLabel.isEmpty() && labels.isEmpty()) {
            return List.of();
        }
        List<HostRoutes> found = new ArrayList<>();
        int first = host.indexOf('.');
        for (int dot = first; dot >= 0; dot = host.indexOf('.', dot + 1)) {
            if (dot > 0) {
                String name = host.substring(dot + 1);
                HostRoutes one = dot == first ? oneLabel.get(name) : null;
                HostRoutes more = labels.get(name);
                if (one != null) {
                    found.add(one);
                }
                if (more != null) {
                    found.add(more);
                }
            }
        }
        return found;
    }
}
