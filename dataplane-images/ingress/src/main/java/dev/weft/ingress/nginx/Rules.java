package dev.weft.ingress.nginx;

import dev.weft.ingress.route.Affinity;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.PathRewrite;
import dev.weft.ingress.route.RuleName;
import dev.weft.ingress.route.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rules of locations. */
final class Rules {
    /** Where certificates are applied for: reached without TLS and without a password, as in ingress-nginx. */
    private static final String CHALLENGE = "/.well-known/acme-challenge";

    private static final int TO_HTTPS = 308;

    private Rules() {}

    /** @param tls whether the host has it */
    static HttpRule of(Location location, Options options, HostOptions host, boolean tls) {
        if (host.closed()) {
            return HttpRule.of(location.name(), Target.respond(403));
        }
        if (options.denied()) {
            return HttpRule.of(location.name(), Target.respond(503));
        }
        return new HttpRule(
                location.name(),
                "",
                filters(location, options, host, tls),
                location.answer().target(),
                options.timeouts(),
                options.body(),
                options.retry(),
                options.affinity().map(affinity -> at(affinity, location.path())));
    }

    private static List<Filter> filters(Location location, Options options, HostOptions host, boolean tls) {
        List<Filter> filters = new ArrayList<>();
        host.subject().ifPresent(filters::add);
        for (Filter filter : options.first()) {
            filters.add(
                    filter instanceof Filter.ErrorPages pages
                            ? pages.telling(location.answer().names())
                            : filter);
        }
        boolean challenge = location.path().startsWith(CHALLENGE);
        boolean toHttps = switch (options.toHttps()) {
            case NEVER -> false;
            case WHERE_THERE_IS_TLS -> tls;
            case ALWAYS -> true;
        };
        if (toHttps && !challenge) {
            filters.add(new Filter.ToHttps(TO_HTTPS, 443));
        }
        filters.addAll(options.limits());
        if (!challenge) {
            filters.addAll(options.auth());
        }
        filters.addAll(options.last());
        rewrite(location, options.rewriting()).ifPresent(rewrite -> {
            options.rewriting()
                    .prefix()
                    .ifPresent(prefix -> filters.add(new Filter.PathHeader(
                            "X-Forwarded-Prefix", new PathRewrite.Regex(rewrite.pattern(), prefix))));
            filters.add(new Filter.Rewrite(Optional.empty(), Optional.of(rewrite)));
        });
        return filters;
    }

    /** @throws IllegalArgumentException if the path is no expression */
    private static Optional<PathRewrite.Regex> rewrite(Location location, Options.Rewriting rewriting) {
        return rewriting
                .target()
                .filter(target -> !target.equals(location.path()))
                .map(target -> new PathRewrite.Regex(Pcre.ignoringCase(location.path()), target));
    }

    /** Sends all that come elsewhere. */
    static HttpRule redirect(Filter.Redirect redirect) {
        HttpRule plain = HttpRule.of(new RuleName("", "", "", 0), Target.respond(404));
        return new HttpRule(
                plain.name(),
                "",
                List.of(redirect),
                plain.target(),
                plain.timeouts(),
                plain.body(),
                Optional.empty(),
                Optional.empty());
    }

    /** Whether a location makes all paths of its host expressions. */
    static boolean isRegex(Location location, Options options) {
        return options.rewriting().regex() || isRewritten(location, options);
    }

    static boolean isRewritten(Location location, Options options) {
        return options.rewriting()
                .target()
                .filter(target -> !target.equals(location.path()))
                .isPresent();
    }

    private static Affinity at(Affinity affinity, String path) {
        return affinity.path().isEmpty()
                ? new Affinity(
                        affinity.cookie(),
                        affinity.maxAge(),
                        affinity.absolute(),
                        path,
                        affinity.domain(),
                        affinity.secure(),
                        affinity.sameSite())
                : affinity;
    }

    static HttpRule withTarget(HttpRule rule, Target target) {
        return new HttpRule(
                rule.name(),
                rule.matchedPrefix(),
                rule.filters(),
                target,
                rule.timeouts(),
                rule.body(),
                rule.retry(),
                rule.affinity());
    }
}
