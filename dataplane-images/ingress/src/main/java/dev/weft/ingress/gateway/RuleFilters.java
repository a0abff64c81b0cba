package dev.weft.ingress.gateway;

import dev.weft.ingress.gateway.api.BackendRef;
import dev.weft.ingress.gateway.api.FilterSpec;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.PathRewrite;
import dev.weft.ingress.route.UpstreamId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Filters of a rule, made of what is written. */
final class RuleFilters {
    /** Fields that an authorization server is always sent (HTTPAuthConfig); the rest is of the request's making. */
    private static final Set<String> ALWAYS_ASKED = Set.of("host", "authorization");

    private final Function<BackendRef, Backends.Resolved> backends;
    private final int port;
    private final List<Filter> made = new ArrayList<>();
    private Optional<Problem> unresolved = Optional.empty();
    private Optional<Problem> refused = Optional.empty();
    private boolean ends;
    private boolean unknown;

    /**
     * @param backends follows references
     * @param port of the listener as clients see it
     */
    RuleFilters(List<FilterSpec> filters, Function<BackendRef, Backends.Resolved> backends, int port) {
        this.backends = backends;
        this.port = port;
        filters.forEach(this::add);
    }

    List<Filter> made() {
        return made;
    }

    /** A reference that cannot be followed. */
    Optional<Problem> unresolved() {
        return unresolved;
    }

    /** Why the rule cannot be as it is. */
    Optional<Problem> refused() {
        return refused;
    }

    /** Whether it answers by itself, so that no backend is needed. */
    boolean ends() {
        return ends;
    }

    /** Whether one is not known: then requests must be answered with an error (HTTPRouteFilter). */
    boolean hasUnknown() {
        return unknown;
    }

    private void add(FilterSpec spec) {
        switch (spec) {
            case FilterSpec.RequestHeaders(var edits) -> made.add(new Filter.RequestHeaders(edits));
            case FilterSpec.ResponseHeaders(var edits) -> made.add(new Filter.ResponseHeaders(edits));
            case FilterSpec.Redirect redirect -> add(redirect);
            case FilterSpec.Rewrite(var host, var path) -> {
                if (ends) {
                    incompatible();
                }
                made.add(new Filter.Rewrite(host, path.map(RuleFilters::path)));
            }
            case FilterSpec.Mirror mirror -> add(mirror);
            case FilterSpec.Cors cors -> add(cors);
            case FilterSpec.ExternalAuth auth -> add(auth);
            case FilterSpec.Unknown(String type) -> {
                unknown = true;
                unresolved = unresolved.or(
                        () -> Optional.of(new Problem("InvalidKind", "filter " + type + " is not supported")));
            }
        }
    }

    private void incompatible() {
        refused = Optional.of(new Problem(
                "IncompatibleFilters", "a rule has either the filter RequestRedirect or URLRewrite, not both"));
    }

    /** Whether some of them are other ones at another port. */
    static boolean dependOnPort(List<FilterSpec> filters) {
        return filters.stream()
                .anyMatch(filter -> filter instanceof FilterSpec.Redirect redirect
                        && redirect.port() == 0
                        && redirect.scheme().isEmpty());
    }

    private void add(FilterSpec.Redirect redirect) {
        if (made.stream().anyMatch(Filter.Rewrite.class::isInstance)) {
            incompatible();
        }
        ends = true;
        Optional<Integer> target = redirect.port() != 0
                ? Optional.of(redirect.port())
                // A scheme has a port of its own; otherwise clients are sent back to where they came.
                : redirect.scheme().isPresent() ? Optional.empty() : Optional.of(port);
        made.add(new Filter.Redirect(
                redirect.scheme(),
                redirect.host(),
                target,
                redirect.path().map(RuleFilters::path),
                redirect.status(),
                true));
    }

    private void add(FilterSpec.Mirror mirror) {
        follow(mirror.backend())
                .ifPresent(upstream -> made.add(new Filter.Mirror(
                        upstream, Math.max(0, mirror.numerator()), Math.max(1, mirror.denominator()))));
    }

    private void add(FilterSpec.Cors cors) {
        made.add(new Filter.Cors(
                cors.origins(),
                cors.methods(),
                cors.headers(),
                cors.exposed(),
                cors.credentials(),
                Duration.ofSeconds(cors.maxAgeSeconds())));
    }

    private void add(FilterSpec.ExternalAuth auth) {
        if (!auth.protocol().equals("HTTP") || auth.body()) {
            refused = Optional.of(new Problem(
                    "UnsupportedValue", "external authorization is supported by protocol HTTP and without bodies"));
            return;
        }
        Optional<UpstreamId> upstream = follow(auth.backend());
        // Nobody is let in whom nobody could be asked about.
        unknown |= upstream.isEmpty();
        upstream.ifPresent(to -> made.add(new Filter.ExternalAuth(
                to,
                "$host",
                auth.path() + "$request_uri",
                Optional.empty(),
                Optional.empty(),
                lowerCase(auth.responseHeaders(), Set.of()),
                lowerCase(auth.requestHeaders(), ALWAYS_ASKED))));
    }

    private Optional<UpstreamId> follow(BackendRef backend) {
        Backends.Resolved resolved = backends.apply(backend);
        unresolved = unresolved.or(resolved::problem);
        return resolved.upstream();
    }

    private static Set<String> lowerCase(List<String> names, Set<String> more) {
        Set<String> all = names.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        all.addAll(more);
        return all;
    }

    private static PathRewrite path(FilterSpec.PathSpec path) {
        return path.full() ? new PathRewrite.Full(path.value()) : new PathRewrite.Prefix(path.value());
    }
}
