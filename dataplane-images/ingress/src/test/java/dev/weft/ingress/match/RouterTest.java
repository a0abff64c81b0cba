package dev.weft.ingress.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.RequestView;
import dev.weft.ingress.route.RuleName;
import dev.weft.ingress.route.Target;
import dev.weft.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Map<HostPattern, List<HttpRoute>> hosts = new LinkedHashMap<>();

    private static HttpRule rule(String name) {
        return HttpRule.of(new RuleName("Test", "ns", name, 0), Target.respond(200));
    }

    private RouterTest on(String host, PathMatch path, String name) {
        return on(host, HttpMatch.of(path), name);
    }

    private RouterTest on(String host, HttpMatch match, String name) {
        HostPattern.Kind kind = host.startsWith("*.") ? HostPattern.Kind.ONE_LABEL : HostPattern.Kind.LABELS;
        HostPattern pattern = HostPattern.of(host.replace("**.", "*."), kind);
        hosts.computeIfAbsent(pattern, key -> new ArrayList<>()).add(new HttpRoute(match, rule(name)));
        return this;
    }

    private String ask(Router.Miss miss, RequestView request) {
        Map<HostPattern, HostRoutes> tables = new HashMap<>();
        hosts.forEach((host, routes) -> tables.put(host, new HostRoutes(routes)));
        HttpRule rule = new Router(tables, miss).route(request);
        return rule.name().name().isEmpty()
                ? rule.target().backends().getFirst().destination().toString()
                : rule.name().name();
    }

    private String ask(String url) {
        return ask(Router.Miss.NOT_FOUND, TestRequest.get(url));
    }

    private static final String NOT_FOUND = "Respond[status=404]";

    @Test
    void prefixes_are_compared_by_element_and_the_first_that_fits_is_taken() {
        on("a.example", new PathMatch.Exact("/foo"), "exact")
                .on("a.example", new PathMatch.Prefix("/foo/bar/"), "bar")
                .on("a.example", new PathMatch.Prefix("/foo"), "foo")
                .on("a.example", new PathMatch.Exact("/foo/never"), "never");
        assertThat(ask("a.example/foo")).isEqualTo("exact");
        assertThat(ask("a.example/foo/")).isEqualTo("foo");
        assertThat(ask("a.example/foo/bar")).isEqualTo("bar");
        assertThat(ask("a.example/foo/bar/x")).isEqualTo("bar");
        assertThat(ask("a.example/foo/barx")).isEqualTo("foo");
        assertThat(ask("a.example/foo/never")).isEqualTo("foo");
        assertThat(ask("a.example/foox")).isEqualTo(NOT_FOUND);
        assertThat(ask("a.example/")).isEqualTo(NOT_FOUND);
        assertThat(ask("b.example/foo")).isEqualTo(NOT_FOUND);
        assertThat(ask("a.example/x/..%2Ffoo")).isEqualTo("exact");
        assertThat(ask("a.example/..")).isEqualTo("Respond[status=400]");
    }

    @Test
    void texts_are_compared_by_character() {
        on("a.example", new PathMatch.Text("/foo/b"), "long").on("a.example", new PathMatch.Text("/foo"), "short");
        assertThat(ask("a.example/foobar")).isEqualTo("short");
        assertThat(ask("a.example/foo/bar")).isEqualTo("long");
        assertThat(ask("a.example/fo")).isEqualTo(NOT_FOUND);
    }

    @Test
    void expressions_stand_in_line_with_the_others() {
        on("a.example", new PathMatch.Prefix("/a/b"), "first")
                .on("a.example", new PathMatch.Regex(Pattern.compile("^/a/\\d+$")), "number")
                .on("a.example", new PathMatch.Regex(Pattern.compile("^/a", Pattern.CASE_INSENSITIVE)), "any")
                .on("a.example", new PathMatch.Prefix("/"), "last");
        assertThat(ask("a.example/a/b")).isEqualTo("first");
        assertThat(ask("a.example/a/7")).isEqualTo("number");
        assertThat(ask("a.example/A/7")).isEqualTo("any");
        assertThat(ask("a.example/b")).isEqualTo("last");
    }

    @Test
    void an_expression_that_never_ends_is_ended() {
        on("a.example", new PathMatch.Regex(Pattern.compile("^/a.*.*.*.*x$")), "slow")
                .on("a.example", new PathMatch.Regex(Pattern.compile("^/((bb|c)x?)*$")), "deep");
        assertThat(ask("a.example/" + "a".repeat(200) + "!")).isEqualTo("Respond[status=500]");
        assertThat(ask("a.example/" + "b".repeat(200_000) + "!")).isEqualTo("Respond[status=500]");
    }

    @Test
    void hosts_are_found_from_the_exact_to_any() {
        on("a.example", PathMatch.ANY, "exact")
                .on("*.example", PathMatch.ANY, "one label")
                .on("**.b.example", PathMatch.ANY, "labels")
                .on("*", PathMatch.ANY, "any");
        assertThat(ask("a.example/")).isEqualTo("exact");
        assertThat(ask("c.example/")).isEqualTo("one label");
        assertThat(ask("b.example/")).isEqualTo("one label");
        assertThat(ask("d.c.example/")).isEqualTo("any");
        assertThat(ask("c.b.example/")).isEqualTo("labels");
        assertThat(ask("d.c.b.example/")).isEqualTo("labels");
        assertThat(ask("example/")).isEqualTo("any");
        assertThat(ask(".example/")).isEqualTo("any");
        assertThat(ask("/")).isEqualTo("any");
    }

    @Test
    void a_host_without_a_fitting_route_is_left_for_the_next_if_that_is_wanted() {
        on("a.example", new PathMatch.Prefix("/a"), "exact").on("*.example", PathMatch.ANY, "wildcard");
        assertThat(ask(Router.Miss.NOT_FOUND, TestRequest.get("a.example/b"))).isEqualTo(NOT_FOUND);
        assertThat(ask(Router.Miss.NEXT_HOST, TestRequest.get("a.example/b"))).isEqualTo("wildcard");
    }

    @Test
    void method_header_and_parameter_have_to_fit() {
        HttpMatch match = new HttpMatch(
                PathMatch.ANY,
                Optional.of("POST"),
                List.of(new HttpMatch.Field("x-env", new ValueMatch.Regex(Pattern.compile("^(dev|test)$")))),
                List.of(new HttpMatch.Field("a b", new ValueMatch.Exact("c&d"))));
        on("a.example", match, "fits").on("a.example", PathMatch.ANY, "other");
        TestRequest fits =
                TestRequest.get("a.example/?z&a+b=c%26d&a+b=x").method("POST").header("x-env: test");
        assertThat(ask(Router.Miss.NOT_FOUND, fits)).isEqualTo("fits");
        assertThat(ask(Router.Miss.NOT_FOUND, fits.method("GET"))).isEqualTo("other");
        assertThat(ask(
                        Router.Miss.NOT_FOUND,
                        TestRequest.get("a.example/?a+b=c%26d").method("POST")))
                .isEqualTo("other");
        assertThat(ask(
                        Router.Miss.NOT_FOUND,
                        TestRequest.get("a.example/?a+b=x&a+b=c%26d")
                                .method("POST")
                                .header("x-env: dev")))
                .isEqualTo("other");
    }

    @Test
    void cookies_are_found_among_others() {
        ValueMatch cookie = new ValueMatch.Cookie("canary", "always");
        assertThat(cookie.test("a=b; canary=always; c=d")).isTrue();
        assertThat(cookie.test("canary=always")).isTrue();
        assertThat(cookie.test("xcanary=always; canary=never")).isFalse();
    }

    /** The law: the table finds the first route whose path fits, as looking at one after the other would. */
    @Test
    void the_table_finds_what_a_search_one_by_one_finds() {
        Seeded.loop(300, random -> {
            List<HttpRoute> routes = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                routes.add(new HttpRoute(HttpMatch.of(path(random)), rule("r" + i)));
            }
            HostRoutes table = new HostRoutes(routes);
            for (int i = 0; i < 50; i++) {
                String asked = text(random, 5);
                TestRequest request = TestRequest.get("a" + asked);
                Optional<HttpRule> expected = routes.stream()
                        .filter(route -> fits(route.match().path(), asked))
                        .map(HttpRoute::rule)
                        .findFirst();
                assertThat(Optional.ofNullable(table.find(asked, request)))
                        .as("%s among %s", asked, routes)
                        .isEqualTo(expected);
            }
        });
    }

    private static boolean fits(PathMatch match, String path) {
        return switch (match) {
            case PathMatch.Exact(String exact) -> path.equals(exact);
            case PathMatch.Prefix(String prefix) ->
                prefix.equals("/") || path.equals(prefix) || path.startsWith(prefix + "/");
            case PathMatch.Text(String prefix) -> path.startsWith(prefix);
            case PathMatch.Regex(Pattern pattern) -> pattern.matcher(path).find();
        };
    }

    private static PathMatch path(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new PathMatch.Exact(text(random, 4));
            case 1 -> new PathMatch.Prefix(text(random, 4));
            case 2 -> new PathMatch.Text(text(random, 4));
            default -> new PathMatch.Regex(Pattern.compile("^" + text(random, 3)));
        };
    }

    private static String text(Random random, int elements) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(elements); i >= 0; i--) {
            text.append('/').append(random.nextInt(6) == 0 ? "" : random.nextBoolean() ? "a" : "ab");
        }
        return text.toString();
    }
}
