package dev.weft.ingress.nginx;

import static dev.weft.ingress.nginx.Served.ingress;
import static dev.weft.ingress.nginx.Served.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.route.Filter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Ingress v1 says itself, and who wins where Ingresses want the same. */
class IngressCompilerTest {
    private static final String SERVICES = service("a") + service("b") + service("c");

    private static String created(String ingress, int day) {
        return ingress.replace("  uid:", "  creationTimestamp: 2026-01-0" + day + "T00:00:00Z\n  uid:");
    }

    @Test
    void paths_are_exact_or_by_element_and_the_longest_wins() throws Exception {
        Served served = Served.of(
                ingress("one", "x.example", "a", List.of(), "Prefix /foo", "Exact /foo/exact", "Prefix /slash/"),
                ingress("two", "x.example", "b", List.of(), "Prefix /foo/bar", "ImplementationSpecific /impl"),
                SERVICES);
        assertThat(served.target("x.example/foo")).isEqualTo("a");
        assertThat(served.target("x.example/foo/")).isEqualTo("a");
        assertThat(served.target("x.example/foobar")).isEqualTo("404");
        assertThat(served.target("x.example/foo/bar/x")).isEqualTo("b");
        assertThat(served.target("x.example/foo/exact")).isEqualTo("a");
        assertThat(served.target("x.example/slash")).isEqualTo("a");
        assertThat(served.target("x.example/impl/x")).isEqualTo("b");
        assertThat(served.target("x.example/implx")).isEqualTo("404");
        assertThat(served.target("x.example/")).isEqualTo("404");
        assertThat(served.target("y.example/foo")).isEqualTo("404");
        assertThat(served.notes()).isEmpty();
    }

    @Test
    void a_path_that_two_want_is_the_older_ones() throws Exception {
        Served served = Served.of(
                created(ingress("young", "x.example", "b", List.of(), "Prefix /", "Prefix /b", "Exact /"), 2),
                created(ingress("old", "x.example", "a", List.of(), "Prefix /"), 1),
                SERVICES);
        assertThat(served.target("x.example/x")).isEqualTo("a");
        assertThat(served.target("x.example/"))
                .as("another type is another path")
                .isEqualTo("b");
        assertThat(served.target("x.example/b")).isEqualTo("b");
        assertThat(served.notes())
                .containsExactly("young PathTaken: another Ingress, which is older, has x.example/ already;"
                        + " the path has no effect");
    }

    @Test
    void wildcards_stand_for_one_label() throws Exception {
        Served served = Served.of(
                ingress("one", "*.example", "a", List.of(), "Prefix /"),
                ingress("two", "x.example", "b", List.of(), "Prefix /x"),
                SERVICES);
        assertThat(served.target("y.example/")).isEqualTo("a");
        assertThat(served.target("z.y.example/")).isEqualTo("404");
        assertThat(served.target("example/")).isEqualTo("404");
        assertThat(served.target("x.example/x")).isEqualTo("b");
        assertThat(served.target("x.example/y")).as("the server was chosen").isEqualTo("404");
    }

    @Test
    void default_backends() throws Exception {
        String catchAll = """
                kind: Ingress
                metadata: {name: all}
                spec: {ingressClassName: nginx, defaultBackend: {service: {name: a, port: {name: http}}}}
                ---
                """;
        String own = ingress("own", "x.example", "b", List.of(), "Prefix /b")
                .replace("  rules:", "  defaultBackend: {service: {name: c, port: {number: 80}}}\n  rules:");
        Served served = Served.of(catchAll, own, ingress("any", "", "b", List.of(), "Prefix /any"), SERVICES);
        assertThat(served.target("x.example/b")).isEqualTo("b");
        assertThat(served.target("x.example/y")).isEqualTo("c");
        assertThat(served.target("y.example/")).isEqualTo("a");
        assertThat(served.target("y.example/any")).isEqualTo("b");
        assertThat(served.target("y.example/healthz")).isEqualTo("a");
        assertThat(Served.of(own, SERVICES).target("y.example/healthz")).isEqualTo("200");
        assertThat(Served.of(own, SERVICES).target("y.example/")).isEqualTo("404");
    }

    @Test
    void classes() throws Exception {
        String classes = """
                {kind: IngressClass, metadata: {name: ours}, spec: {controller: weft.dev/ingress}}
                ---
                {kind: IngressClass, metadata: {name: theirs}, spec: {controller: example.com/other}}
                ---
                """;
        String nginx = ingress("nginx", "nginx.example", "a", List.of(), "Prefix /");
        String ours = nginx.replace("Name: nginx", "Name: ours")
                .replace("nginx.example", "ours.example")
                .replace("name: nginx", "name: ours");
        String theirs = nginx.replace("Name: nginx", "Name: theirs")
                .replace("nginx.example", "theirs.example")
                .replace("name: nginx", "name: theirs");
        String none = nginx.replace("  ingressClassName: nginx\n", "")
                .replace("nginx.example", "none.example")
                .replace("name: nginx", "name: none");
        String legacy = none.replace("annotations: {}", "annotations: {kubernetes.io/ingress.class: nginx}")
                .replace("none.example", "legacy.example")
                .replace("name: none", "name: legacy");
        Served served = Served.of(classes, nginx, ours, theirs, none, legacy, SERVICES);
        assertThat(served.target("nginx.example/")).isEqualTo("a");
        assertThat(served.target("ours.example/")).isEqualTo("a");
        assertThat(served.target("legacy.example/")).isEqualTo("a");
        assertThat(served.target("theirs.example/")).isEqualTo("404");
        assertThat(served.target("none.example/")).isEqualTo("404");
        assertThat(served.part().statuses()).hasSize(3);

        String standard = classes.replace(
                "{name: ours}", "{name: ours, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}}");
        assertThat(Served.of(standard, none, SERVICES).target("none.example/")).isEqualTo("a");
    }

    @Test
    void resource_backends_are_refused_clearly() throws Exception {
        Served served = Served.of("""
                kind: Ingress
                metadata: {name: bucket}
                spec:
                  ingressClassName: nginx
                  rules:
                  - host: x.example
                    http:
                      paths:
                      - {path: /, pathType: Prefix, backend: {resource: {apiGroup: k, kind: Bucket, name: icons}}}
                """);
        assertThat(served.target("x.example/")).isEqualTo("404");
        assertThat(served.notes())
                .containsExactly("bucket ResourceBackend: the backend of / is Bucket icons, and only Services are"
                        + " served; the backend has no effect");
    }

    @Test
    void services_and_ports_that_are_not_there() throws Exception {
        String byName = ingress("name", "n.example", "a", List.of(), "Prefix /").replace("number: 80", "name: https");
        String byTarget =
                ingress("target", "t.example", "a", List.of(), "Prefix /").replace("number: 80", "number: 8080");
        String byNumber = ingress("number", "m.example", "gone", List.of(), "Prefix /");
        Served served = Served.of(byName, byTarget, byNumber, SERVICES);
        assertThat(served.target("n.example/")).isEqualTo("503");
        assertThat(served.target("t.example/")).isEqualTo("a");
        assertThat(served.target("m.example/")).as("its endpoints may come").isEqualTo("gone");
        assertThat(served.notes())
                .containsExactlyInAnyOrder(
                        "name ServiceNotFound: the Service a has no port https for /",
                        "number ServiceNotFound: there is no Service 'gone' for /");
    }

    @Test
    void every_annotation_that_has_no_effect_is_told() throws Exception {
        Served served = Served.annotated(
                "configuration-snippet: return 200;",
                "proxy-cookie-path: / /x",
                "no-such-thing: 1",
                "proxy-buffering: on",
                "proxy-read-timeout: soon");
        assertThat(served.notes())
                .containsExactlyInAnyOrder(
                        "web RefusedAnnotation: configuration-snippet has no effect: text of nginx' configuration is"
                                + " never read",
                        "web UnsupportedAnnotation: proxy-cookie-path has no effect",
                        "web UnknownAnnotation: no-such-thing is not known and has no effect",
                        "web InvalidAnnotation: proxy-read-timeout: 'soon' is no whole number; it counts as not given");
        assertThat(served.filters("a.example/", Filter.class)).isEmpty();
    }
}
