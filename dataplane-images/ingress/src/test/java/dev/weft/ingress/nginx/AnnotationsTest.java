package dev.weft.ingress.nginx;

import static dev.weft.ingress.nginx.Served.annotated;
import static dev.weft.ingress.nginx.Served.ingress;
import static dev.weft.ingress.nginx.Served.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.match.TestRequest;
import dev.weft.ingress.route.Affinity;
import dev.weft.ingress.route.BodyLimits;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.PathRewrite;
import dev.weft.ingress.route.Retry;
import dev.weft.ingress.route.Timeouts;
import dev.weft.ingress.route.Upstream.Balancing;
import dev.weft.ingress.route.Upstream.Protocol;
import dev.weft.ingress.route.UpstreamTls;
import dev.weft.net.Cidr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What each annotation becomes. */
class AnnotationsTest {
    private static final String ROOT = "a.example/";

    private static final Cidr TEN = Cidr.parse("10.0.0.0/8");

    @Test
    void without_annotations_all_is_as_ingress_nginx_has_it() throws Exception {
        HttpRule rule = annotated().rule(ROOT);
        assertThat(rule.filters()).isEmpty();
        assertThat(rule.timeouts()).isEqualTo(Timeouts.DEFAULT);
        assertThat(rule.body()).isEqualTo(new BodyLimits(1 << 20, false));
        assertThat(rule.retry()).contains(new Retry(2, Set.of(), Duration.ZERO));
        assertThat(rule.affinity()).isEmpty();
        assertThat(rule.name().toString()).isEqualTo("Ingress default/web rule 0");
    }

    @Test
    void redirects() throws Exception {
        assertThat(annotated("permanent-redirect: https://b.example/x?y=1").filters(ROOT, Filter.class))
                .containsExactly(new Filter.RedirectTo("https://b.example/x?y=1", 301));
        assertThat(annotated("permanent-redirect: https://b.example", "permanent-redirect-code: 308")
                        .filters(ROOT, Filter.class))
                .containsExactly(new Filter.RedirectTo("https://b.example", 308));
        assertThat(annotated("permanent-redirect: https://b.example", "permanent-redirect-code: 200")
                        .notes())
                .singleElement()
                .asString()
                .contains("permanent-redirect-code: 200 is not between 300 and 308");
        assertThat(annotated("permanent-redirect: https://b.example", "temporal-redirect: http://c.example")
                        .filters(ROOT, Filter.class))
                .containsExactly(new Filter.RedirectTo("http://c.example", 302));
        assertThat(annotated("permanent-redirect: ftp://b.example").filters(ROOT, Filter.class))
                .isEmpty();
        Filter.Redirect root = annotated("app-root: /app").filter(ROOT, Filter.Redirect.class);
        assertThat(root.path()).contains(new PathRewrite.Full("/app"));
        assertThat(root.status()).isEqualTo(302);
        assertThat(annotated("app-root: /app").target("a.example/other")).isEqualTo("web");
    }

    @Test
    void redirects_to_tls() throws Exception {
        assertThat(annotated("force-ssl-redirect: \"true\"").filters(ROOT, Filter.class))
                .containsExactly(new Filter.ToHttps(308, 443));
        assertThat(annotated("ssl-redirect: \"true\"").filters(ROOT, Filter.class))
                .as("the host has no TLS")
                .isEmpty();
        String tls = ingress("web", "a.example", "web", List.of(), "Prefix /", "Prefix /.well-known/acme-challenge/x");
        String with = tls.replace("  rules:", "  tls: [{hosts: [a.example]}]\n  rules:");
        Served served = Served.of(with, service("web"));
        assertThat(served.filters(ROOT, Filter.class)).containsExactly(new Filter.ToHttps(308, 443));
        assertThat(served.filters("a.example/.well-known/acme-challenge/x", Filter.class))
                .isEmpty();
        String off =
                with.replace("annotations: {}", "annotations: {nginx.ingress.kubernetes.io/ssl-redirect: 'false'}");
        assertThat(Served.of(off, service("web")).filters(ROOT, Filter.class)).isEmpty();
    }

    @Test
    void www_is_redirected_unless_it_is_a_host_of_its_own() throws Exception {
        Served served = annotated("from-to-www-redirect: \"true\"");
        Filter.Redirect redirect = served.filter("www.a.example/x", Filter.Redirect.class);
        assertThat(redirect.host()).contains("a.example");
        assertThat(redirect.status()).isEqualTo(308);
        assertThat(redirect.keepQuery()).isTrue();
        Served own = Served.of(
                ingress("web", "a.example", "web", List.of("from-to-www-redirect: \"true\""), "Prefix /"),
                ingress("www", "www.a.example", "www", List.of(), "Prefix /"),
                service("web"),
                service("www"));
        assertThat(own.target("www.a.example/")).isEqualTo("www");
    }

    @Test
    void paths_are_rewritten_by_expressions() throws Exception {
        Served served = Served.of(
                ingress(
                        "web",
                        "a.example",
                        "web",
                        List.of("rewrite-target: /$2", "x-forwarded-prefix: /something"),
                        "ImplementationSpecific /something(/|$)(.*)"),
                ingress("other", "a.example", "other", List.of(), "Prefix /plain", "Exact /exact"),
                service("web"),
                service("other"));
        HttpRule rule = served.rule("a.example/Something/new");
        assertThat(rule.name().name()).isEqualTo("web");
        Filter.Rewrite rewrite = served.filter("a.example/something/new", Filter.Rewrite.class);
        assertThat(rewrite.path().orElseThrow())
                .isEqualTo(new PathRewrite.Regex(Pcre.ignoringCase("/something(/|$)(.*)"), "/$2"));
        assertThat(served.filter("a.example/something", Filter.PathHeader.class).name())
                .isEqualTo("X-Forwarded-Prefix");
        // All paths of the host are expressions then: their end is open and letters have no case.
        assertThat(served.target("a.example/PLAINNESS")).isEqualTo("other");
        assertThat(served.target("a.example/exactly")).isEqualTo("other");
    }

    @Test
    void expressions_without_rewriting_and_broken_ones() throws Exception {
        Served served = Served.of(
                ingress("web", "a.example", "web", List.of("use-regex: \"true\""), "ImplementationSpecific /a/[0-9]+$"),
                ingress("bad", "a.example", "bad", List.of("use-regex: \"true\""), "ImplementationSpecific /b("),
                service("web"),
                service("bad"));
        assertThat(served.target("a.example/a/12")).isEqualTo("web");
        assertThat(served.target("a.example/a/x")).isEqualTo("404");
        assertThat(served.notes())
                .singleElement()
                .asString()
                .startsWith("bad InvalidPath: the path /b( has no effect: '^/b(' is no expression: Unclosed group");
    }

    @Test
    void bodies_and_times() throws Exception {
        assertThat(annotated("proxy-body-size: 8m").rule(ROOT).body().request()).isEqualTo(8 << 20);
        assertThat(annotated("proxy-body-size: \"0\"").rule(ROOT).body().request())
                .isZero();
        assertThat(annotated("proxy-body-size: 2g").rule(ROOT).body().request()).isEqualTo(2L << 30);
        assertThat(annotated("proxy-body-size: lots").rule(ROOT).body().request())
                .isEqualTo(1 << 20);
        assertThat(annotated("proxy-request-buffering: on").rule(ROOT).body().bufferRequest())
                .isTrue();
        assertThat(annotated("proxy-request-buffering: on", "proxy-body-size: 1g")
                        .rule(ROOT)
                        .body()
                        .bufferRequest())
                .isFalse();
        Timeouts timeouts = annotated(
                        "proxy-connect-timeout: \"1\"", "proxy-read-timeout: \"120\"", "proxy-send-timeout: \"3\"")
                .rule(ROOT)
                .timeouts();
        assertThat(timeouts.connect()).isEqualTo(Duration.ofSeconds(1));
        assertThat(timeouts.read()).isEqualTo(Duration.ofMinutes(2));
        assertThat(timeouts.send()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void tries() throws Exception {
        assertThat(annotated("proxy-next-upstream: error http_502 non_idempotent", "proxy-next-upstream-tries: \"2\"")
                        .rule(ROOT)
                        .retry())
                .contains(new Retry(1, Set.of(502), Duration.ZERO, true));
        assertThat(annotated("proxy-next-upstream: off").rule(ROOT).retry()).isEmpty();
        assertThat(annotated("proxy-next-upstream-tries: \"1\"").rule(ROOT).retry())
                .isEmpty();
    }

    private static UpstreamPlan plan(Served served) {
        return served.part().upstreams().iterator().next();
    }

    @Test
    void backends_are_spoken_to_as_they_want() throws Exception {
        assertThat(plan(annotated()).protocol()).isEqualTo(Protocol.HTTP1);
        assertThat(plan(annotated("backend-protocol: GRPC")).protocol()).isEqualTo(Protocol.HTTP2);
        UpstreamPlan https = plan(annotated("backend-protocol: HTTPS"));
        assertThat(https.protocol()).isEqualTo(Protocol.HTTP1);
        assertThat(https.tls()).contains(new UpstreamTls("", false, "", List.of(), Optional.empty()));
        assertThat(plan(annotated("backend-protocol: grpcs")).tls()).isPresent();
        assertThat(annotated("backend-protocol: FCGI").target(ROOT)).isEqualTo("503");
        String h2c = service("web").replace("port: 80,", "port: 80, appProtocol: kubernetes.io/h2c,");
        assertThat(plan(Served.of(ingress("web", "a.example", "web", List.of(), "Prefix /"), h2c))
                        .protocol())
                .isEqualTo(Protocol.HTTP2);
        assertThat(plan(annotated("service-upstream: \"true\"")).source())
                .isInstanceOf(UpstreamPlan.Source.OfClusterIp.class);
        assertThat(plan(annotated("proxy-ssl-name: b.example", "proxy-ssl-server-name: on", "backend-protocol: HTTPS"))
                        .tls()
                        .orElseThrow()
                        .serverName())
                .isEqualTo("b.example");
        assertThat(annotated("backend-protocol: HTTPS", "proxy-ssl-verify: on").target(ROOT))
                .as("nothing to verify with")
                .isEqualTo("503");
    }

    @Test
    void balancing() throws Exception {
        assertThat(plan(annotated()).balancing()).isEqualTo(new Balancing.LeastRequest());
        assertThat(plan(annotated("load-balance: round_robin")).balancing()).isEqualTo(new Balancing.RoundRobin());
        assertThat(plan(annotated("load-balance: ewma")).balancing()).isEqualTo(new Balancing.LeastRequest());
        assertThat(plan(annotated("upstream-hash-by: $request_uri")).balancing())
                .isEqualTo(new Balancing.Hash("$request_uri"));
    }

    @Test
    void hosts_and_header_fields() throws Exception {
        Filter rewrite = annotated("upstream-vhost: $service_name.$namespace.svc:$service_port")
                .rule(ROOT)
                .target()
                .backends()
                .getFirst()
                .filters()
                .getFirst();
        assertThat(rewrite).isEqualTo(new Filter.Rewrite(Optional.of("web.default.svc:80"), Optional.empty()));
        assertThat(annotated("upstream-vhost: $http_evil").notes()).hasSize(1);
        Served alias = annotated("server-alias: b.example, *.c.example,~^www[0-9]");
        assertThat(alias.target("b.example/")).isEqualTo("web");
        assertThat(alias.target("y.x.c.example/")).isEqualTo("web");
        assertThat(alias.notes()).singleElement().asString().contains("'~^www[0-9]' is neither a name nor");
        Served custom = Served.of(
                ingress("web", "a.example", "web", List.of("custom-headers: default/fields"), "Prefix /"),
                service("web"),
                "{kind: ConfigMap, metadata: {name: fields}, data: {X-Frame-Options: DENY}}");
        assertThat(custom.filter(ROOT, Filter.ResponseHeaders.class)
                        .edits()
                        .set()
                        .getFirst()
                        .value())
                .isEqualTo("DENY");
        assertThat(annotated("custom-headers: default/gone").target(ROOT)).isEqualTo("503");
        assertThat(annotated("custom-headers: other/fields").target(ROOT)).isEqualTo("503");
        assertThat(annotated("enable-access-log: \"false\"").filters(ROOT, Filter.class))
                .containsExactly(new Filter.NoAccessLog());
    }

    @Test
    void cross_origin_sharing() throws Exception {
        Filter.Cors standard = annotated("enable-cors: \"true\"").filter(ROOT, Filter.Cors.class);
        assertThat(standard.origins()).containsExactly("*");
        assertThat(standard.methods()).containsExactly("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS");
        assertThat(standard.headers()).hasSize(9).contains("Authorization");
        assertThat(standard.credentials()).as("not together with any origin").isFalse();
        assertThat(standard.maxAge()).isEqualTo(Duration.ofDays(20));
        assertThat(annotated("enable-cors: \"true\"", "cors-allow-origin: https://b.example")
                        .filter(ROOT, Filter.Cors.class)
                        .credentials())
                .isTrue();
        Filter.Cors own = annotated(
                        "enable-cors: \"true\"",
                        "cors-allow-origin: https://*.b.example:8080, evil, http://c.example",
                        "cors-allow-methods: GET",
                        "cors-allow-headers: X-A,X-B",
                        "cors-expose-headers: \"*\"",
                        "cors-allow-credentials: \"false\"",
                        "cors-max-age: \"5\"")
                .filter(ROOT, Filter.Cors.class);
        assertThat(own)
                .isEqualTo(new Filter.Cors(
                        List.of("https://*.b.example:8080", "http://c.example"),
                        List.of("GET"),
                        List.of("X-A", "X-B"),
                        List.of("*"),
                        false,
                        Duration.ofSeconds(5),
                        true));
        assertThat(annotated("cors-allow-origin: \"*\"").filters(ROOT, Filter.class))
                .isEmpty();
    }

    @Test
    void limits_and_sources() throws Exception {
        Served served = annotated(
                "limit-rps: \"5\"",
                "limit-rpm: \"100\"",
                "limit-connections: \"7\"",
                "limit-burst-multiplier: \"2\"",
                "limit-whitelist: 10.1.2.3/8",
                "whitelist-source-range: 10.0.0.0/8,192.0.2.1",
                "denylist-source-range: 192.0.2.0/24");
        assertThat(served.filters(ROOT, Filter.class))
                .containsExactly(
                        new Filter.RateLimit("default/web rps", 5, Duration.ofSeconds(1), 10, 429, List.of(TEN)),
                        new Filter.RateLimit("default/web rpm", 100, Duration.ofMinutes(1), 200, 429, List.of(TEN)),
                        new Filter.ConcurrencyLimit("default/web connections", 7, 429, List.of(TEN)),
                        new Filter.Sources(
                                List.of(TEN, Cidr.parse("192.0.2.1/32")), List.of(Cidr.parse("192.0.2.0/24"))));
        assertThat(annotated("limit-rps: \"1\"", "weft.dev/limit-status-code: \"503\"")
                        .filter(ROOT, Filter.RateLimit.class)
                        .status())
                .isEqualTo(503);
        assertThat(annotated("limit-rps: \"0\"").filters(ROOT, Filter.class)).isEmpty();
        assertThat(annotated("whitelist-source-range: everybody").target(ROOT))
                .as("what cannot be read must not let everybody in")
                .isEqualTo("503");
    }

    @Test
    void cookies_of_sessions() throws Exception {
        assertThat(annotated("affinity: cookie").rule(ROOT).affinity())
                .contains(new Affinity(
                        "INGRESSCOOKIE",
                        Optional.empty(),
                        Optional.empty(),
                        "/",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        assertThat(annotated(
                                "affinity: cookie",
                                "affinity-mode: persistent",
                                "session-cookie-name: route",
                                "session-cookie-expires: \"172800\"",
                                "session-cookie-max-age: \"60\"",
                                "session-cookie-path: /app",
                                "session-cookie-domain: b.example",
                                "session-cookie-secure: \"true\"",
                                "session-cookie-samesite: lax")
                        .rule(ROOT)
                        .affinity())
                .contains(new Affinity(
                        "route",
                        Optional.of(Duration.ofSeconds(60)),
                        Optional.empty(),
                        "/app",
                        Optional.of("b.example"),
                        Optional.of(true),
                        Optional.of("Lax")));
    }

    @Test
    void default_backends_and_error_pages() throws Exception {
        Served served = Served.of(
                ingress(
                        "web",
                        "a.example",
                        "web",
                        List.of("default-backend: errors", "custom-http-errors: 404, 503,200"),
                        "Prefix /"),
                service("web"),
                service("errors"));
        Filter.ErrorPages pages = served.filter(ROOT, Filter.ErrorPages.class);
        assertThat(pages.upstream().service()).isEqualTo("errors");
        assertThat(pages.codes()).containsExactlyInAnyOrder(404, 503);
        assertThat(pages.whenNobody()).isTrue();
        assertThat(served.notes()).singleElement().asString().contains("'200' is not between 400 and 599");
    }

    @Test
    void mirrors() throws Exception {
        Filter.Mirror mirror =
                annotated("mirror-target: https://test.example$request_uri").filter(ROOT, Filter.Mirror.class);
        assertThat(mirror.host()).contains("test.example");
        assertThat(mirror.upstream().service()).isEqualTo("test.example");
    }

    private static String canary(String name, String... annotations) {
        List<String> all = new ArrayList<>(List.of(annotations));
        all.add("canary: \"true\"");
        return ingress(name, "a.example", name, all, "Prefix /") + service(name);
    }

    private static Served canaries(String... canaries) throws Exception {
        return Served.of(
                ingress("web", "a.example", "web", List.of(), "Prefix /") + service("web") + String.join("", canaries));
    }

    @Test
    void canaries_by_weight() throws Exception {
        assertThat(canaries(canary("v2", "canary-weight: \"20\"")).target(ROOT)).isEqualTo("web*80 v2*20");
        assertThat(canaries(canary("v2", "canary-weight: \"5\"", "canary-weight-total: \"1000\""))
                        .target(ROOT))
                .isEqualTo("web*995 v2*5");
        assertThat(canaries(canary("v2", "canary-weight: \"100\"")).target(ROOT))
                .isEqualTo("v2*100");
        assertThat(canaries(canary("v2")).target(ROOT)).isEqualTo("web*100");
        assertThat(canaries(canary("v2", "canary-weight: \"20\""), canary("v3", "canary-weight: \"30\""))
                        .target(ROOT))
                .isEqualTo("web*50 v3*30 v2*20");
    }

    @Test
    void canaries_by_header_then_cookie_then_weight() throws Exception {
        Served served = canaries(
                canary("v2", "canary-by-header: X-Canary", "canary-by-cookie: canary", "canary-weight: \"10\""));
        TestRequest plain = TestRequest.get(ROOT);
        assertThat(served.target(plain.header("x-canary: always"))).isEqualTo("v2");
        assertThat(served.target(plain.header("x-canary: never"))).isEqualTo("web");
        assertThat(served.target(plain.header("x-canary: never").header("cookie: canary=always")))
                .isEqualTo("web");
        assertThat(served.target(plain.header("x-canary: maybe"))).isEqualTo("web*90 v2*10");
        assertThat(served.target(plain.header("cookie: canary=always"))).isEqualTo("v2");
        assertThat(served.target(plain.header("cookie: canary=never"))).isEqualTo("web");
        Served value = canaries(canary("v2", "canary-by-header: X-Canary", "canary-by-header-value: yes please"));
        assertThat(value.target(plain.header("x-canary: yes please"))).isEqualTo("v2");
        assertThat(value.target(plain.header("x-canary: always"))).isEqualTo("web*100");
        Served pattern = canaries(canary("v2", "canary-by-header: X-Canary", "canary-by-header-pattern: ^v[0-9]+$"));
        assertThat(pattern.target(plain.header("x-canary: v22"))).isEqualTo("v2");
        assertThat(pattern.target(plain.header("x-canary: v"))).isEqualTo("web*100");
    }

    @Test
    void any_number_of_canaries() throws Exception {
        Served served = canaries(
                canary("v2", "canary-by-header: X-Two", "canary-weight: \"10\""),
                canary("v3", "canary-by-header: X-Three", "canary-weight: \"20\""));
        TestRequest plain = TestRequest.get(ROOT);
        assertThat(served.target(plain.header("x-three: always"))).isEqualTo("v3");
        assertThat(served.target(plain.header("x-two: always"))).isEqualTo("v2");
        assertThat(served.target(plain.header("x-two: never"))).isEqualTo("web*80 v3*20");
        assertThat(served.target(plain.header("x-two: never").header("x-three: never")))
                .isEqualTo("web");
    }

    @Test
    void canaries_of_nothing_are_told() throws Exception {
        Served served = Served.of(canary("v2", "canary-weight: \"20\""));
        assertThat(served.target(ROOT)).isEqualTo("404");
        assertThat(annotated("canary-weight: \"20\"").notes())
                .singleElement()
                .asString()
                .contains("canary-* is there, but canary is not true");
    }
}
