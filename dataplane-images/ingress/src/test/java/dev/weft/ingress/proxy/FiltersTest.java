package dev.weft.ingress.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.ingress.proxy.Client.Answer;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HeaderEdits;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.PathRewrite;
import dev.weft.ingress.route.Target;
import dev.weft.net.Cidr;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each filter of the contract, over real sockets. */
@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with CR and LF
class FiltersTest {
    private static final Target TO_WEB = Target.to(Proxy.id("web"));

    private static Proxy proxy(Backend backend, Filter... filters) {
        return new Proxy().with(Proxy.upstream("web", backend.port())).serve(Proxy.rule(TO_WEB, filters));
    }

    private static HeaderEdits edits() {
        return new HeaderEdits(
                List.of(new HeaderEdits.Field("X-Set", "s")),
                List.of(new HeaderEdits.Field("X-Add", "a2")),
                List.of("X-Gone"));
    }

    @Test
    void fieldsOfRequestsAndAnswersAreChanged() throws Exception {
        try (Backend backend = Backend.fixed(
                        "HTTP/1.1 200 OK\r\nX-Gone: 1\r\nX-Set: old\r\nX-Add: a1\r\nContent-Length: 0\r\n\r\n");
                Proxy proxy = proxy(backend, new Filter.RequestHeaders(edits()), new Filter.ResponseHeaders(edits()));
                Client client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nx-gone: 1\r\nx-set: old\r\nX-Add: a1\r\n\r\n");
            Answer answer = client.read();
            assertThat(answer.head())
                    .contains("X-Add: a1", "X-Add: a2", "X-Set: s")
                    .doesNotContain("old", "X-Gone");
            String head = backend.last().head();
            assertThat(head).contains("X-Add: a1", "X-Add: a2", "X-Set: s").doesNotContain("old", "x-gone");
        }
    }

    @Test
    void rulesCannotBreakTheFraming() throws Exception {
        HeaderEdits bad = new HeaderEdits(
                List.of(
                        new HeaderEdits.Field("Content-Length", "3"),
                        new HeaderEdits.Field("X-Line", "a\r\nX-Injected: 1")),
                List.of(new HeaderEdits.Field("Transfer-Encoding", "chunked")),
                List.of());
        try (Backend backend = Backend.ok("x");
                Proxy proxy = proxy(backend, new Filter.RequestHeaders(bad));
                Client client = proxy.client()) {
            assertThat(client.get("/").read().status()).isEqualTo(200);
            assertThat(backend.last().head())
                    .doesNotContain("Content-Length", "Transfer-Encoding", "\r\nX-Injected")
                    .contains("X-Line: a  X-Injected: 1");
        }
    }

    @Test
    void pathsAndHostsAreRewritten() throws Exception {
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()));
                Client client = starting(proxy)) {
            assertThat(rewritten(proxy, client, backend, new PathRewrite.Full("/full"), "/", "/a/b?q=1"))
                    .isEqualTo("/full?q=1");
            assertThat(rewritten(proxy, client, backend, new PathRewrite.Prefix("/v2"), "/v1", "/v1/x"))
                    .isEqualTo("/v2/x");
            assertThat(rewritten(proxy, client, backend, new PathRewrite.Prefix("/"), "/v1", "/v1"))
                    .isEqualTo("/");
            assertThat(rewritten(proxy, client, backend, new PathRewrite.Prefix("/"), "/v1", "/v1/x"))
                    .isEqualTo("/x");
            assertThat(rewritten(proxy, client, backend, new PathRewrite.Prefix("/x/"), "/v1/", "/v1/y"))
                    .isEqualTo("/x/y");
            PathRewrite regex = new PathRewrite.Regex(Pattern.compile("/api/(.*)"), "/$1");
            assertThat(rewritten(proxy, client, backend, regex, "/", "/api/users/7?x=y"))
                    .isEqualTo("/users/7?x=y");
            proxy.serve(Proxy.rule(TO_WEB, new Filter.Rewrite(Optional.of("other.example"), Optional.empty())));
            client.get("/").read();
            assertThat(backend.last().field("host")).isEqualTo("other.example");
            assertThat(backend.last().field("x-forwarded-host")).isEqualTo("a.example");
        }
    }

    private static Client starting(Proxy proxy) throws Exception {
        proxy.serve(Proxy.rule(TO_WEB));
        return proxy.client();
    }

    private static String rewritten(
            Proxy proxy, Client client, Backend backend, PathRewrite path, String matched, String asked)
            throws Exception {
        HttpRule rule = Proxy.rule(TO_WEB, new Filter.Rewrite(Optional.empty(), Optional.of(path)));
        proxy.serve(new HttpRule(
                rule.name(),
                matched,
                rule.filters(),
                rule.target(),
                rule.timeouts(),
                rule.body(),
                rule.retry(),
                rule.affinity()));
        assertThat(client.get(asked).read().status()).isEqualTo(200);
        return backend.last().head().split(" ")[1];
    }

    @Test
    void redirectsNameSchemeHostPortAndPath() throws Exception {
        try (Backend backend = Backend.ok("x");
                Proxy proxy = proxy(
                        backend,
                        new Filter.Redirect(
                                Optional.of("https"),
                                Optional.of("b.example"),
                                Optional.empty(),
                                Optional.of(new PathRewrite.Full("/new")),
                                301,
                                true));
                Client client = proxy.client()) {
            Answer answer = client.get("/old?q=1").read();
            assertThat(answer.status()).isEqualTo(301);
            assertThat(answer.field("location")).isEqualTo("https://b.example/new?q=1");
            proxy.serve(Proxy.rule(
                    TO_WEB,
                    new Filter.Redirect(
                            Optional.empty(),
                            Optional.of("b.example"),
                            Optional.empty(),
                            Optional.empty(),
                            302,
                            true)));
            assertThat(client.get("/p").read().field("location")).isEqualTo("http://b.example:" + proxy.port + "/p");
            proxy.serve(Proxy.rule(TO_WEB, new Filter.ToHttps(308, 443)));
            assertThat(client.get("/p?x").read().field("location")).isEqualTo("https://a.example/p?x");
            proxy.serve(Proxy.rule(TO_WEB, new Filter.RedirectTo("https://c.example/z", 307)));
            assertThat(client.get("/p").read().field("location")).isEqualTo("https://c.example/z");
        }
    }

    @Test
    void mirrorsGetCopiesAndNobodyWaitsForThem() throws Exception {
        try (Backend backend = Backend.ok("real");
                Backend mirror = Backend.of((request, in, out) -> false);
                Proxy proxy = new Proxy()
                        .with(Proxy.upstream("web", backend.port()))
                        .with(Proxy.upstream("mirror", mirror.port()))
                        .serve(Proxy.rule(
                                TO_WEB, new Filter.Mirror(Proxy.id("mirror"), 1, 1, Optional.of("copy.example"))));
                Client client = proxy.client()) {
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(client.read().body()).isEqualTo("real");
            await().until(() -> !mirror.received.isEmpty());
            assertThat(mirror.last().text()).isEqualTo("hello");
            assertThat(mirror.last().field("host")).isEqualTo("copy.example");
            assertThat(backend.last().text()).isEqualTo("hello");
        }
    }

    @Test
    void corsAnswersPreflightsAndTellsOthers() throws Exception {
        Filter.Cors cors = new Filter.Cors(
                List.of("https://*.example.org"),
                List.of("GET", "PUT"),
                List.of("X-A"),
                List.of("X-B"),
                true,
                Duration.ofSeconds(60));
        try (Backend backend = Backend.ok("x");
                Proxy proxy = proxy(backend, cors);
                Client client = proxy.client()) {
            client.send("OPTIONS / HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example.org\r\n"
                    + "Access-Control-Request-Method: PUT\r\n\r\n");
            Answer preflight = client.read();
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.field("access-control-allow-origin")).isEqualTo("https://app.example.org");
            assertThat(preflight.field("access-control-allow-methods")).isEqualTo("GET, PUT");
            assertThat(preflight.field("access-control-allow-headers")).isEqualTo("X-A");
            assertThat(preflight.field("access-control-allow-credentials")).isEqualTo("true");
            assertThat(preflight.field("access-control-max-age")).isEqualTo("60");
            assertThat(backend.received).isEmpty();
            client.send("GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example.org\r\n\r\n");
            Answer answer = client.read();
            assertThat(answer.field("access-control-allow-origin")).isEqualTo("https://app.example.org");
            assertThat(answer.field("access-control-expose-headers")).isEqualTo("X-B");
            client.send("GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://example.org.evil\r\n\r\n");
            assertThat(client.read().head()).doesNotContain("Access-Control");
        }
    }

    @Test
    void sourcesAreAllowedAndDenied() throws Exception {
        try (Backend backend = Backend.ok("x");
                Proxy proxy = proxy(backend, new Filter.Sources(List.of(Cidr.parse("10.0.0.0/8")), List.of()));
                Client client = proxy.client()) {
            assertThat(client.get("/").read().status()).isEqualTo(403);
            proxy.serve(Proxy.rule(TO_WEB, new Filter.Sources(List.of(Cidr.parse("127.0.0.0/8")), List.of())));
            assertThat(client.get("/").read().status()).isEqualTo(200);
            proxy.serve(Proxy.rule(TO_WEB, new Filter.Sources(List.of(), List.of(Cidr.parse("127.0.0.1/32")))));
            assertThat(client.get("/").read().status()).isEqualTo(403);
        }
    }

    @Test
    void ratesAreLimitedPerClientAlsoAcrossSwaps() throws Exception {
        Filter.RateLimit limit = new Filter.RateLimit("zone", 1, Duration.ofMinutes(1), 2, 429, List.of());
        try (Backend backend = Backend.ok("x");
                Proxy proxy = proxy(backend, limit);
                Client client = proxy.client()) {
            assertThat(client.get("/").read().status()).isEqualTo(200);
            assertThat(client.get("/").read().status()).isEqualTo(200);
            proxy.serve(Proxy.rule(TO_WEB, limit));
            assertThat(client.get("/").read().status()).isEqualTo(200);
            Answer refused = client.get("/").read();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.field("retry-after"))).isBetween(50, 60);
            proxy.serve(Proxy.rule(
                    TO_WEB,
                    new Filter.RateLimit(
                            "zone", 1, Duration.ofMinutes(1), 0, 503, List.of(Cidr.parse("127.0.0.1/32")))));
            assertThat(client.get("/").read().status()).isEqualTo(200);
        }
    }

    @Test
    void openRequestsAreLimitedPerClient() throws Exception {
        try (Backend backend = Backend.of((request, in, out) -> in.read() >= 0);
                Backend quick = Backend.ok("x");
                Proxy proxy = new Proxy()
                        .with(Proxy.upstream("web", backend.port()))
                        .with(Proxy.upstream("quick", quick.port()))
                        .serve(Proxy.rule(TO_WEB, new Filter.ConcurrencyLimit("z", 1, 503, List.of())));
                Client second = proxy.client()) {
            try (Client first = proxy.client()) {
                first.get("/");
                await().until(() -> !backend.received.isEmpty());
                assertThat(second.get("/").read().status()).isEqualTo(503);
            }
            proxy.serve(Proxy.rule(Target.to(Proxy.id("quick")), new Filter.ConcurrencyLimit("z", 1, 503, List.of())));
            await().until(() -> second.get("/").read().status() == 200);
        }
    }

    @Test
    void basicAuthTakesTheHashesOfHtpasswd() throws Exception {
        List<String> users = List.of(
                "sha:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
                "apr:$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/",
                "bcrypt:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC");
        try (Backend backend = Backend.ok("x");
                Proxy proxy = proxy(backend, new Filter.BasicAuth("a \"b\"", users));
                Client client = proxy.client()) {
            Answer refused = client.get("/").read();
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.field("www-authenticate")).isEqualTo("Basic realm=\"a \\\"b\\\"\"");
            assertThat(login(client, "sha", "password")).isEqualTo(200);
            assertThat(login(client, "sha", "wrong")).isEqualTo(401);
            assertThat(login(client, "apr", "myPassword")).isEqualTo(200);
            assertThat(login(client, "apr", "myPassword")).isEqualTo(200);
            assertThat(login(client, "bcrypt", "myPassword")).isEqualTo(200);
            assertThat(login(client, "bcrypt", "other")).isEqualTo(401);
            assertThat(login(client, "nobody", "myPassword")).isEqualTo(401);
        }
    }

    private static int login(Client client, String user, String password) throws Exception {
        String both = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        client.send("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic " + both + "\r\n\r\n");
        return client.read().status();
    }

    @Test
    void somebodyElseDecidesWhoPasses() throws Exception {
        try (Backend backend = Backend.ok("x");
                Backend decider = Backend.of((request, in, out) -> {
                    boolean known = request.field("cookie").equals("session=1");
                    out.write((known
                                    ? "HTTP/1.1 204 No Content\r\nX-User: me\r\nSet-Cookie: fresh=2\r\n\r\n"
                                    : "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                Proxy proxy = new Proxy()
                        .with(Proxy.upstream("web", backend.port()))
                        .with(Proxy.upstream("auth", decider.port()))
                        .serve(Proxy.rule(TO_WEB, auth(Optional.empty())));
                Client client = proxy.client()) {
            client.send("POST /secret?a=b HTTP/1.1\r\nHost: a\r\nX-User: forged\r\nCookie: session=1\r\n"
                    + "Content-Length: 4\r\n\r\nbody");
            Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.field("set-cookie")).isEqualTo("fresh=2");
            assertThat(backend.last().field("x-user")).isEqualTo("me");
            assertThat(backend.last().head()).doesNotContain("forged");
            assertThat(backend.last().text()).isEqualTo("body");
            assertThat(decider.last().head()).startsWith("GET /check?uri=/secret?a=b HTTP/1.1\r\n");
            assertThat(decider.last().field("host")).isEqualTo("auth.example");
            assertThat(decider.last().field("x-original-url")).isEqualTo("http://a/secret?a=b");
            Answer refused = client.get("/secret").read();
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.field("www-authenticate")).isEqualTo("Bearer");
            proxy.serve(Proxy.rule(TO_WEB, auth(Optional.of("https://login.example/?rd=$escaped_request_uri"))));
            Answer sent = client.get("/secret?x").read();
            assertThat(sent.status()).isEqualTo(302);
            assertThat(sent.field("location")).isEqualTo("https://login.example/?rd=%2Fsecret%3Fx");
        }
    }

    private static Filter auth(Optional<String> signin) {
        return new Filter.ExternalAuth(
                Proxy.id("auth"),
                "auth.example",
                "/check?uri=$request_uri",
                Optional.empty(),
                signin,
                Set.of("x-user"),
                Set.of());
    }

    @Test
    void errorPagesReplaceAnswersAndFailures() throws Exception {
        try (Backend backend = Backend.fixed("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone");
                Backend pages = Backend.fixed("HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\npretty");
                Proxy proxy = new Proxy()
                        .with(Proxy.upstream("web", backend.port()))
                        .with(Proxy.upstream("pages", pages.port()))
                        .serve(Proxy.rule(
                                TO_WEB, new Filter.ErrorPages(Proxy.id("pages"), Set.of(404, 503), false, List.of())));
                Client client = proxy.client()) {
            client.send("POST /lost HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(client.read().body()).isEqualTo("pretty");
            assertThat(pages.last().head()).startsWith("GET / HTTP/1.1\r\n");
            assertThat(pages.last().field("x-code")).isEqualTo("404");
            assertThat(pages.last().field("x-format")).isEqualTo("text/html");
            assertThat(pages.last().field("x-original-uri")).isEqualTo("/lost");
            assertThat(pages.last().field("content-length")).isEmpty();
            proxy.serve(Proxy.rule(
                    Target.to(Proxy.id("none")), new Filter.ErrorPages(Proxy.id("pages"), Set.of(), true, List.of())));
            client.send("POST /lost HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
            assertThat(client.read().body()).isEqualTo("pretty");
            assertThat(pages.last().head()).as("all of it is asked").startsWith("POST /lost HTTP/1.1\r\n");
            assertThat(pages.last().text()).isEqualTo("hi");
            assertThat(pages.last().field("x-code")).isEqualTo("503");
        }
    }

    @Test
    void filtersOfABackendComeAfterThoseOfTheRule() throws Exception {
        HeaderEdits own = new HeaderEdits(List.of(new HeaderEdits.Field("X-Set", "own")), List.of(), List.of());
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()));
                Client client = starting(proxy)) {
            proxy.serve(Proxy.rule(
                    new Target(List.of(new Target.Backend(
                            new Target.Destination.To(Proxy.id("web")), 1, List.of(new Filter.RequestHeaders(own))))),
                    new Filter.RequestHeaders(edits()),
                    new Filter.NoAccessLog()));
            assertThat(client.get("/").read().status()).isEqualTo(200);
            assertThat(backend.last().field("x-set")).isEqualTo("own");
            assertThat(proxy.log).isEmpty();
        }
    }
}
