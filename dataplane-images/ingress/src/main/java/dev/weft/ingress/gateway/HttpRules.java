package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.Backends.Use;
import dev.weft.ingress.gateway.api.BackendRef;
import dev.weft.ingress.gateway.api.HttpRoute;
import dev.weft.ingress.match.HttpMatch;
import dev.weft.ingress.match.PathMatch;
import dev.weft.ingress.match.ValueMatch;
import dev.weft.ingress.route.Affinity;
import dev.weft.ingress.route.BodyLimits;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Retry;
import dev.weft.ingress.route.RuleName;
import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The rules of an HTTPRoute or GRPCRoute as they are at the listeners of one port of one Gateway. */
final class HttpRules {
    /** One way to fit, with its place among all of a host. */
    record Entry(Precedence precedence, dev.weft.ingress.match.HttpRoute route) {}

    /**
     * What a route comes to.
     *
     * @param unresolved the first reference that cannot be followed
     * @param dropped what is wrong with rules that are left out, a sentence each
     * @param refused why nothing of it is served, if all rules are left out
     */
    record Compiled(
            List<Entry> entries, Optional<Problem> unresolved, List<String> dropped, Optional<Problem> refused) {
        Compiled {
            entries = List.copyOf(entries);
            dropped = List.copyOf(dropped);
        }
    }

    /** Gateway API sets no time of its own between reads: a server that answers slowly is not cut off by default. */
    private static final Timeouts TIMEOUTS = new Timeouts(
            Duration.ZERO, Duration.ZERO, Timeouts.DEFAULT.connect(), Duration.ZERO, Timeouts.DEFAULT.send());

    private static final int RETRIES = 1;
    private static final int MOST_RETRIES = 10;
    private static final Duration BACKOFF = Duration.ofMillis(25);
    private static final String COOKIE = "weft-session";

    private final HttpRoute route;
    private final Backends backends;
    private final Parent parent;
    private final int port;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> dropped = new ArrayList<>();
    private Optional<Problem> unresolved = Optional.empty();
    private Optional<Problem> refused = Optional.empty();

    private HttpRules(HttpRoute route, Backends backends, Parent parent, int port) {
        this.route = route;
        this.backends = backends;
        this.parent = parent;
        this.port = port;
    }

    /** @param port of the listener as clients see it */
    static Compiled compile(HttpRoute route, Backends backends, Parent parent, int port) {
        HttpRules rules = new HttpRules(route, backends, parent, port);
        int position = 0;
        for (int i = 0; i < route.rules().size(); i++) {
            rules.add(route.rules().get(i), i, position);
            position += route.rules().get(i).matches().size();
        }
        boolean none = !route.rules().isEmpty()
                && rules.dropped.size() == route.rules().size();
        return new Compiled(rules.entries, rules.unresolved, rules.dropped, none ? rules.refused : Optional.empty());
    }

    /** Whether rules are other ones at another port: redirects lead back to the port that was asked. */
    static boolean dependOnPort(HttpRoute route) {
        return route.rules().stream()
                .anyMatch(rule -> RuleFilters.dependOnPort(rule.filters())
                        || rule.backends().stream().anyMatch(backend -> RuleFilters.dependOnPort(backend.filters())));
    }

    private void add(HttpRoute.Rule rule, int number, int position) {
        RuleFilters filters = new RuleFilters(rule.filters(), this::follow, port);
        unresolved = unresolved.or(filters::unresolved);
        List<Target.Backend> targets = new ArrayList<>();
        Optional<Problem> wrong = filters.refused();
        for (BackendRef backend : rule.backends()) {
            Backends.Resolved resolved = follow(backend);
            RuleFilters own = new RuleFilters(backend.filters(), this::follow, port);
            unresolved = unresolved.or(resolved::problem).or(own::unresolved);
            wrong = wrong.or(own::refused);
            targets.add(new Target.Backend(
                    own.hasUnknown() ? Backends.UNAVAILABLE : resolved.destination(), backend.weight(), own.made()));
        }
        Target target = targets.isEmpty() || filters.hasUnknown() ? Target.respond(500) : new Target(targets);
        try {
            Optional<Affinity> affinity = rule.session().isPresent()
                    ? Optional.of(affinity(rule.session().get()))
                    : Optional.empty();
            RuleName name = new RuleName(
                    route.kind(), route.meta().namespace(), route.meta().name(), number);
            List<Entry> made = new ArrayList<>();
            for (int i = 0; i < rule.matches().size(); i++) {
                HttpRoute.Match match = rule.matches().get(i);
                made.add(new Entry(
                        Precedence.of(route, match, position + i),
                        new dev.weft.ingress.match.HttpRoute(
                                match(match),
                                // After match(), which has looked at the path.
                                new HttpRule(
                                        name,
                                        match.path().type().equals("PathPrefix") && !route.isGrpc()
                                                ? prefix(match)
                                                : "",
                                        filters.hasUnknown() ? List.<Filter>of() : filters.made(),
                                        target,
                                        timeouts(rule),
                                        BodyLimits.NONE,
                                        rule.retry().map(HttpRules::retry),
                                        affinity))));
            }
            if (wrong.isEmpty()) {
                entries.addAll(made);
                return;
            }
        } catch (UnsupportedException e) {
            wrong = wrong.or(() -> Optional.of(new Problem("UnsupportedValue", String.valueOf(e.getMessage()))));
        }
        Problem why = wrong.get();
        dropped.add("rule " + number + ": " + why.message());
        refused = refused.or(() -> Optional.of(why));
    }

    private Backends.Resolved follow(BackendRef backend) {
        return backends.resolve(route, backend, route.isGrpc() ? Use.GRPC : Use.HTTP, parent);
    }

    private static String prefix(HttpRoute.Match match) {
        return new PathMatch.Prefix(match.path().value()).path();
    }

    private static HttpMatch match(HttpRoute.Match match) throws UnsupportedException {
        String value = match.path().value();
        if (!value.startsWith("/")) {
            throw new UnsupportedException("a path begins with a slash, '" + value + "' does not");
        }
        PathMatch path = switch (match.path().type()) {
            case "Exact" -> new PathMatch.Exact(value);
            case "PathPrefix" -> new PathMatch.Prefix(value);
            case "RegularExpression", HttpRoute.PathSpec.METHOD -> new PathMatch.Regex(whole(value));
            default ->
                throw new UnsupportedException(
                        "path matches of type " + match.path().type() + " are not supported");
        };
        return new HttpMatch(
                path,
                match.method().isEmpty() ? Optional.empty() : Optional.of(match.method()),
                fields(match.headers()),
                fields(match.query()));
    }

    private static List<HttpMatch.Field> fields(List<HttpRoute.Field> specs) throws UnsupportedException {
        List<HttpMatch.Field> fields = new ArrayList<>();
        for (HttpRoute.Field spec : specs) {
            ValueMatch value = switch (spec.type()) {
                case "Exact" -> new ValueMatch.Exact(spec.value());
                case "RegularExpression" -> new ValueMatch.Regex(whole(spec.value()));
                default -> throw new UnsupportedException("matches of type " + spec.type() + " are not supported");
            };
            fields.add(new HttpMatch.Field(spec.name(), value));
        }
        return fields;
    }

    /** Expressions fit as a whole, as elsewhere where Gateway API is served by RE2. */
    private static Pattern whole(String expression) throws UnsupportedException {
        try {
            return Pattern.compile("^(?:" + expression + ")$");
        } catch (PatternSyntaxException e) {
            throw new UnsupportedException("'" + expression + "' is no regular expression: " + e.getDescription());
        }
    }

    private static Timeouts timeouts(HttpRoute.Rule rule) {
        if (rule.timeout().isEmpty() && rule.backendTimeout().isEmpty()) {
            return TIMEOUTS;
        }
        return new Timeouts(
                Durations.parse(rule.timeout()).orElse(Duration.ZERO),
                Durations.parse(rule.backendTimeout()).orElse(Duration.ZERO),
                TIMEOUTS.connect(),
                TIMEOUTS.read(),
                TIMEOUTS.send());
    }

    private static Retry retry(HttpRoute.RetrySpec spec) {
        return new Retry(
                Math.min(spec.attempts() == 0 ? RETRIES : spec.attempts(), MOST_RETRIES),
                Set.copyOf(spec.codes()),
                Durations.parse(spec.backoff()).orElse(BACKOFF));
    }

    private static Affinity affinity(HttpRoute.Session session) throws UnsupportedException {
        if (!session.type().equals("Cookie")) {
            throw new UnsupportedException("session persistence by " + session.type() + " is not supported");
        }
        Optional<Duration> timeout = Durations.parse(session.timeout());
        return new Affinity(
                session.name().isEmpty() ? COOKIE : session.name(),
                session.permanent() ? timeout : Optional.empty(),
                timeout,
                "/",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** A value that is valid and not understood. */
    private static final class UnsupportedException extends Exception {
        private static final long serialVersionUID = 1L;

        UnsupportedException(String message) {
            super(message);
        }
    }
}
