package dev.weft.ingress.nginx;

import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.match.HttpMatch;
import dev.weft.ingress.match.HttpRoute;
import dev.weft.ingress.match.PathMatch;
import dev.weft.ingress.match.Paths;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.PathRewrite;
import dev.weft.ingress.route.RuleName;
import dev.weft.ingress.route.Target;
import dev.weft.kube.EventNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The locations of a host in the order in which ingress-nginx writes them, as routes. */
final class Locations {
    /** As ingress-nginx sorts them: longer paths first. */
    private static final Comparator<Entry> ORDER = Comparator.comparingInt(
                    (Entry entry) -> entry.location.path().length())
            .thenComparing(entry -> entry.location.path())
            .reversed();

    /**
     * @param own whether it is one of the Ingress' own locations
     * @param placeholder whether nobody asked for it: who does takes its place
     */
    private record Entry(Location location, Compiled of, Options options, boolean own, boolean placeholder) {}

    private final HostPattern host;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Place, Integer> places = new HashMap<>();
    private final List<Compiled> canaries;
    private final Set<EventNote> notes;
    private boolean caught;

    /** Two of one place are for the same requests, so that only one of them can be served. */
    private record Place(String path, boolean exact) {
        static Place of(Location location) {
            return new Place(location.path(), location.exact());
        }
    }

    private Locations(HostPattern host, List<Compiled> canaries, Set<EventNote> notes) {
        this.host = host;
        this.canaries = canaries;
        this.notes = notes;
    }

    static Locations of(HostPattern host, List<Compiled> primaries, List<Compiled> canaries, Set<EventNote> notes) {
        Locations locations = new Locations(host, canaries, notes);
        if (host.kind() == HostPattern.Kind.ANY) {
            locations.catchAll(primaries);
        } else {
            locations.root(primaries.getFirst());
        }
        primaries.forEach(locations::add);
        return locations;
    }

    /** What no path is for: the first Ingress' default backend, with its annotations. */
    private void root(Compiled first) {
        RuleName name = name(first);
        Answer answer = first.fallback().orElse(Answer.NOT_FOUND);
        add(new Entry(new Location(host, "/", false, answer, name), first, first.options(), false, true));
    }

    /** What no host is for: the first Ingress that has a default backend and no rules. */
    private void catchAll(List<Compiled> primaries) {
        for (Compiled compiled : primaries) {
            if (compiled.isCatchAll()) {
                Answer answer = compiled.fallback().orElse(Answer.NOT_FOUND);
                Location location = new Location(host, "/", false, answer, name(compiled));
                if (caught) {
                    taken(compiled, location);
                } else {
                    add(new Entry(location, compiled, compiled.options().withoutRedirects(), false, false));
                    caught = true;
                }
            }
        }
    }

    private static RuleName name(Compiled of) {
        return new RuleName(
                "Ingress", of.ingress().key().namespace(), of.ingress().key().name(), 0);
    }

    private void add(Compiled compiled) {
        for (Location location : compiled.locations(host)) {
            Entry entry = new Entry(location, compiled, compiled.options(), true, false);
            Integer there = places.get(Place.of(location));
            if (there == null) {
                add(entry);
            } else if (entries.get(there).placeholder) {
                entries.set(there, entry);
            } else {
                taken(compiled, location);
            }
        }
    }

    private void add(Entry entry) {
        places.put(Place.of(entry.location), entries.size());
        entries.add(entry);
    }

    private void taken(Compiled compiled, Location location) {
        Server.note(
                notes,
                compiled,
                "PathTaken",
                "another Ingress, which is older, has " + host + location.path() + " already; the path has no effect");
    }

    /** Who answers what no path is for. */
    Answer root() {
        return entries.stream()
                .filter(entry -> entry.location.path().equals("/") && !entry.location.exact())
                .map(entry -> entry.location.answer())
                .findFirst()
                .orElse(Answer.NOT_FOUND);
    }

    /** @param tls whether the host has it */
    List<HttpRoute> routes(HostOptions options, boolean tls) {
        List<HttpRoute> routes = new ArrayList<>();
        options.appRoot().ifPresent(path -> routes.add(route(new PathMatch.Exact("/"), appRoot(path))));
        if (host.kind() == HostPattern.Kind.ANY && !caught) {
            // What load balancers ask in front of ingress-nginx.
            routes.add(route(
                    new PathMatch.Exact("/healthz"), HttpRule.of(new RuleName("", "", "", 0), Target.respond(200))));
        }
        unmatched();
        entries.sort(ORDER);
        boolean regex = entries.stream().anyMatch(entry -> Rules.isRegex(entry.location, entry.options));
        List<HttpRoute> prefixes = new ArrayList<>();
        for (Entry entry : entries) {
            try {
                if (entry.own && !regex && canaries.isEmpty()) {
                    HttpRoute route = entry.of.route(entry.location, options, tls);
                    (entry.location.exact() ? routes : prefixes).add(route);
                    continue;
                }
                HttpRule rule = Rules.of(entry.location, entry.options, options, tls);
                for (PathMatch path : regex ? expressions(entry) : List.of(path(entry.location))) {
                    (path instanceof PathMatch.Prefix ? prefixes : routes).addAll(routes(entry, path, rule));
                }
            } catch (IllegalArgumentException e) {
                Server.note(
                        notes,
                        entry.of,
                        "InvalidPath",
                        "the path " + entry.location.path() + " has no effect: " + e.getMessage());
            }
        }
        routes.addAll(prefixes);
        return routes;
    }

    private List<HttpRoute> routes(Entry entry, PathMatch path, HttpRule rule) {
        List<CanaryRoutes.Canary> others = canaries(entry);
        return others.isEmpty() || entry.options.denied()
                ? List.of(route(path, rule))
                : CanaryRoutes.of(path, rule, entry.location.answer(), others);
    }

    private static HttpRoute route(PathMatch path, HttpRule rule) {
        return new HttpRoute(HttpMatch.of(path), rule);
    }

    private static HttpRule appRoot(String path) {
        return Rules.redirect(new Filter.Redirect(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new PathRewrite.Full(path)),
                302,
                false));
    }

    /** @throws IllegalArgumentException if there is no such path */
    static PathMatch path(Location location) {
        String octets = new String(location.path().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String path = Paths.normal(octets)
                .orElseThrow(() -> new IllegalArgumentException("it cannot be decoded or leads above the root"));
        return location.exact() ? new PathMatch.Exact(path) : new PathMatch.Prefix(path);
    }

    /**
     * As ingress-nginx, where one path is an expression all of the host are, whatever their type. A prefix without expressions
     * is two there, with a slash and without.
     */
    private List<PathMatch> expressions(Entry entry) {
        String path = entry.location.path();
        boolean own = Rules.isRegex(entry.location, entry.options);
        if (own || entry.location.exact() || path.equals("/")) {
            return List.of(expression(path));
        }
        boolean exactToo = places.containsKey(new Place(path, true));
        PathMatch below = expression(path.endsWith("/") ? path : path + "/");
        return exactToo ? List.of(below) : List.of(below, expression(path));
    }

    private static PathMatch expression(String path) {
        return new PathMatch.Regex(Pcre.ignoringCase("^" + path));
    }

    private List<CanaryRoutes.Canary> canaries(Entry entry) {
        Optional<UpstreamPlan> primary = entry.location.answer().plan();
        List<CanaryRoutes.Canary> found = new ArrayList<>();
        if (primary.isEmpty() || entry.placeholder) {
            return found;
        }
        for (Compiled canary : canaries) {
            canary.options()
                    .canary()
                    .ifPresent(options -> answers(canary, entry.location)
                            .filter(answer -> !answer.plan().equals(primary))
                            .ifPresent(answer -> found.add(new CanaryRoutes.Canary(options, answer))));
        }
        return found;
    }

    private Optional<Answer> answers(Compiled canary, Location primary) {
        if (host.kind() == HostPattern.Kind.ANY
                && canary.isCatchAll()
                && primary.path().equals("/")) {
            return canary.fallback();
        }
        return canary.locations(host).stream()
                .filter(location -> Place.of(location).equals(Place.of(primary)))
                .map(Location::answer)
                .findFirst();
    }

    /** Uses the places before {@link #routes} sorts the entries. */
    private void unmatched() {
        for (Compiled canary : canaries) {
            for (Location location : canary.locations(host)) {
                Integer there = places.get(Place.of(location));
                if (there == null || entries.get(there).placeholder) {
                    Server.note(
                            notes,
                            canary,
                            "CanaryWithoutPrimary",
                            "no other Ingress has " + host + location.path() + "; the path has no effect");
                }
            }
        }
    }
}
