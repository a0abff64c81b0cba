package dev.weft.ingress.nginx;

import static dev.weft.ingress.nginx.Served.ingress;
import static dev.weft.ingress.nginx.Served.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.match.TestRequest;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.TlsTermination.ClientAuth;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which certificate is shown for which server name, and what is asked of clients. */
class TlsTest {
    private static final String PAIR = TestPairs.secret("cert", "a.example");

    private static String withTls(String ingress, String tls) {
        return ingress.replace("  rules:", "  tls: [" + tls + "]\n  rules:");
    }

    private static String web(String... annotations) {
        return ingress("web", "a.example", "web", List.of(annotations), "Prefix /");
    }

    private static Optional<Listener> listener(Served served, String host) {
        HostPattern pattern = HostPattern.of(host, HostPattern.Kind.ONE_LABEL);
        return served.listeners(Served.HTTPS).stream()
                .filter(listener -> listener.host().equals(pattern))
                .findFirst();
    }

    private static String shown(Served served, String host) {
        return listener(served, host)
                .flatMap(Listener::tls)
                .map(tls -> tls.certificates().getFirst().name())
                .orElse("none");
    }

    private static String route(Listener listener, String url) {
        Target.Destination destination = ((Listener.Serving.Http) listener.serving())
                .router()
                .route(TestRequest.get(url))
                .target()
                .backends()
                .getFirst()
                .destination();
        return destination instanceof Target.Destination.Respond(int status)
                ? Integer.toString(status)
                : ((Target.Destination.To) destination).upstream().service();
    }

    @Test
    void each_host_has_its_own_certificate_and_all_others_the_default_one() throws Exception {
        Served served = Served.of(
                withTls(web(), "{hosts: [A.example], secretName: cert}"),
                ingress("plain", "b.example", "web", List.of(), "Prefix /"),
                service("web"),
                PAIR);
        assertThat(shown(served, "a.example")).isEqualTo("default/cert");
        assertThat(shown(served, "")).isEqualTo("fallback");
        assertThat(listener(served, "b.example")).isEmpty();
        assertThat(route(served.listeners(Served.HTTPS).getFirst(), "b.example/"))
                .isEqualTo("web");
        assertThat(served.notes()).isEmpty();
    }

    @Test
    void a_certificate_that_fits_is_taken_where_no_host_is_listed() throws Exception {
        Served served = Served.of(withTls(web(), "{secretName: cert}"), service("web"), PAIR);
        assertThat(shown(served, "a.example")).isEqualTo("default/cert");
    }

    @Test
    void certificates_that_are_not_there_or_for_others_or_broken_are_told() throws Exception {
        Served gone = Served.of(withTls(web(), "{hosts: [a.example], secretName: gone}"), service("web"));
        assertThat(shown(gone, "a.example")).isEqualTo("none");
        assertThat(gone.reasons()).containsExactly("CertificateNotFound");
        assertThat(gone.part().references().secrets()).hasSize(1);

        Served other = Served.of(
                withTls(web(), "{hosts: [a.example], secretName: cert}"),
                service("web"),
                TestPairs.secret("cert", "c.example"));
        assertThat(shown(other, "a.example")).isEqualTo("none");
        assertThat(other.reasons()).containsExactly("CertificateForOther");

        Served broken = Served.of(
                withTls(web(), "{hosts: [a.example], secretName: cert}"),
                service("web"),
                "{kind: Secret, metadata: {name: cert}, stringData: {tls.crt: nonsense, tls.key: nonsense}}");
        assertThat(broken.reasons()).containsExactly("CertificateInvalid");
        assertThat(broken.target("a.example/")).as("served nevertheless").isEqualTo("web");
    }

    @Test
    void who_asks_for_certificates_is_not_reached_through_another_name() throws Exception {
        Served served = Served.of(
                withTls(
                        web(
                                "auth-tls-secret: default/ca",
                                "auth-tls-verify-client: optional",
                                "auth-tls-verify-depth: 2",
                                "auth-tls-pass-certificate-to-upstream: true",
                                "auth-tls-match-cn: CN=client"),
                        "{hosts: [a.example], secretName: cert}"),
                ingress("plain", "b.example", "plain", List.of(), "Prefix /"),
                service("web"),
                service("plain"),
                PAIR,
                TestPairs.authority("ca"));
        Listener closed = listener(served, "a.example").orElseThrow();
        ClientAuth clients = closed.tls().orElseThrow().clients().orElseThrow();
        assertThat(clients.mode()).isEqualTo(ClientAuth.Mode.OPTIONAL);
        assertThat(clients.depth()).isEqualTo(2);
        assertThat(clients.pass()).isTrue();
        assertThat(route(closed, "a.example/")).isEqualTo("web");
        assertThat(route(closed, "b.example/")).isEqualTo("421");
        Listener open = served.listeners(Served.HTTPS).getFirst();
        assertThat(route(open, "a.example/")).isEqualTo("421");
        assertThat(route(open, "b.example/")).isEqualTo("plain");
    }

    @Test
    void what_is_wrong_with_authorities_closes() throws Exception {
        assertThat(Served.of(web("auth-tls-secret: default/gone"), service("web"))
                        .target("a.example/"))
                .isEqualTo("403");
        assertThat(Served.of(
                                web("auth-tls-secret: default/ca"),
                                service("web"),
                                "{kind: Secret, metadata: {name: ca}, stringData: {ca.crt: nonsense}}")
                        .target("a.example/"))
                .isEqualTo("403");
        assertThat(Served.of(web("auth-tls-secret: default/gone", "auth-tls-verify-client: off"), service("web"))
                        .target("a.example/"))
                .isEqualTo("web");
    }

    @Test
    void tls_is_passed_on() throws Exception {
        Served served = Served.of(web("ssl-passthrough: true"), service("web"));
        Listener listener = listener(served, "a.example").orElseThrow();
        assertThat(listener.tls()).isEmpty();
        assertThat(listener.serving()).isInstanceOf(Listener.Serving.Streams.class);
        String deep = ingress("deep", "b.example", "web", List.of("ssl-passthrough: true"), "Prefix /deep");
        assertThat(Served.of(deep, service("web")).reasons()).containsExactly("NoPassthrough");
    }
}
