package dev.weft.ingress.route;

import java.util.List;
import java.util.Optional;

/**
 * What is done with a request.
 *
 * @param matchedPrefix the path that fitted by prefix, for {@link PathRewrite.Prefix}; empty if it fitted in another way
 * @param filters in the order in which they are applied
 */
public record HttpRule(
        RuleName name,
        String matchedPrefix,
        List<Filter> filters,
        Target target,
        Timeouts timeouts,
        BodyLimits body,
        Optional<Retry> retry,
        Optional<Affinity> affinity) {
    /** Answers 404. */
    public static final HttpRule NOT_FOUND = of(new RuleName("", "", "", 0), Target.respond(404));

    public HttpRule {
        filters = List.copyOf(filters);
    }

    /** A rule without anything special. */
    public static HttpRule of(RuleName name, Target target) {
        return new HttpRule(
                name, "", List.of(), target, Timeouts.DEFAULT, BodyLimits.NONE, Optional.empty(), Optional.empty());
    }
}
