package dev.weft.ingress.nginx;

import static dev.weft.ingress.nginx.Served.annotated;
import static dev.weft.ingress.nginx.Served.ingress;
import static dev.weft.ingress.nginx.Served.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HeaderEdits.Field;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may pass. What cannot be read lets nobody pass. */
class AuthAnnotationsTest {
    private static final String ROOT = "a.example/";
    private static final String FILE = """
            {kind: Secret, metadata: {name: users}, stringData: {auth: "ann:{SHA}x\\n# no\\nbob:$apr1$y\\n"}}
            ---
            {kind: Secret, metadata: {name: map}, stringData: {bob: "$2y$z", ann: "{SHA}x"}}
            ---
            """;

    private static Served basic(String... annotations) throws Exception {
        return Served.of(
                ingress(
                        "web",
                        "a.example",
                        "web",
                        List.of(annotations),
                        "Prefix /",
                        "Prefix /.well-known/acme-challenge"),
                service("web"),
                FILE);
    }

    @Test
    void basic_authentication() throws Exception {
        Served served = basic("auth-type: basic", "auth-secret: users", "auth-realm: Members only");
        assertThat(served.filter(ROOT, Filter.BasicAuth.class))
                .isEqualTo(new Filter.BasicAuth("Members only", List.of("ann:{SHA}x", "bob:$apr1$y")));
        assertThat(served.filter(ROOT, Filter.RequestHeaders.class).edits().remove())
                .as("the backend is not told the password")
                .containsExactly("authorization");
        assertThat(served.filters("a.example/.well-known/acme-challenge/x", Filter.class))
                .isEmpty();
        assertThat(basic("auth-type: basic", "auth-secret: default/map", "auth-secret-type: auth-map")
                        .filter(ROOT, Filter.BasicAuth.class)
                        .users())
                .containsExactly("ann:{SHA}x", "bob:$2y$z");
        assertThat(served.part().references().secrets()).hasSize(1);
    }

    @Test
    void what_is_wrong_with_passwords_closes() throws Exception {
        for (String[] wrong : new String[][] {
            {"auth-type: digest", "auth-secret: users"},
            {"auth-type: basic"},
            {"auth-type: basic", "auth-secret: gone"},
            {"auth-type: basic", "auth-secret: other/users"},
            {"auth-type: basic", "auth-secret: map"},
            {"auth-type: basic", "auth-secret: users", "auth-secret-type: auth-unknown"},
        }) {
            Served served = basic(wrong);
            assertThat(served.target(ROOT)).as(String.join(", ", wrong)).isEqualTo("503");
            assertThat(served.reasons()).contains("Denied");
        }
    }

    @Test
    void somebody_else_is_asked() throws Exception {
        Served served = annotated(
                "auth-url: https://auth.example:9443/check?x=1",
                "auth-method: HEAD",
                "auth-signin: https://auth.example/start?x=y",
                "auth-response-headers: X-User, X-Group",
                "auth-always-set-cookie: \"true\"");
        Filter.ExternalAuth auth = served.filter(ROOT, Filter.ExternalAuth.class);
        assertThat(auth.host()).isEqualTo("auth.example");
        assertThat(auth.path()).isEqualTo("/check?x=1");
        assertThat(auth.method()).contains("HEAD");
        assertThat(auth.signin())
                .contains("https://auth.example/start?x=y&rd=$scheme://$http_host$escaped_request_uri");
        assertThat(auth.responseHeaders()).isEqualTo(Set.of("x-user", "x-group"));
        assertThat(auth.alwaysSetCookie()).isTrue();
        assertThat(auth.headers())
                .contains(
                        new Field("X-Original-URL", "$scheme://$http_host$request_uri"),
                        new Field("X-Original-Method", "$request_method"),
                        new Field("X-Auth-Request-Redirect", "$request_uri"));
        UpstreamPlan plan = served.part().upstreams().stream()
                .filter(each -> each.id().equals(auth.upstream()))
                .findFirst()
                .orElseThrow();
        assertThat(plan.source()).isEqualTo(new UpstreamPlan.Source.OfHost("auth.example", 9443));
        assertThat(plan.tls().orElseThrow().serverName()).isEqualTo("auth.example");
    }

    @Test
    void variables_of_auth_urls() throws Exception {
        Served served = annotated(
                "auth-url: https://$host/oauth2/auth",
                "auth-signin: https://$host/oauth2/start?rd=$escaped_request_uri");
        Filter.ExternalAuth auth = served.filter(ROOT, Filter.ExternalAuth.class);
        assertThat(auth.host()).isEqualTo("$host");
        assertThat(auth.signin()).contains("https://$host/oauth2/start?rd=$escaped_request_uri");
        assertThat(auth.upstream().service()).as("the proxy itself").isEqualTo("127.0.0.1");
        assertThat(auth.upstream().port()).isEqualTo(Served.HTTPS);
        assertThat(annotated("auth-url: http://$arg_evil/x").target(ROOT)).isEqualTo("503");
        assertThat(annotated("auth-url: nonsense").target(ROOT)).isEqualTo("503");
        assertThat(annotated("auth-url: http://a/", "auth-method: BREW").target(ROOT))
                .isEqualTo("503");
        assertThat(annotated("auth-url: http://a/", "auth-response-headers: \"a b\"")
                        .target(ROOT))
                .isEqualTo("503");
        assertThat(annotated("auth-url: http://a/", "auth-proxy-set-headers: gone")
                        .target(ROOT))
                .isEqualTo("503");
        assertThat(annotated("auth-url: http://a/")
                        .filter(ROOT, Filter.ExternalAuth.class)
                        .signin())
                .isEqualTo(Optional.empty());
    }

    @Test
    void any_is_read_as_all_which_is_stricter() throws Exception {
        Served served =
                basic("auth-type: basic", "auth-secret: users", "whitelist-source-range: 10.0.0.0/8", "satisfy: any");
        assertThat(served.filters(ROOT, Filter.class))
                .hasAtLeastOneElementOfType(Filter.Sources.class)
                .hasAtLeastOneElementOfType(Filter.BasicAuth.class);
        assertThat(served.notes()).singleElement().asString().contains("satisfy: any is read as all");
    }
}
