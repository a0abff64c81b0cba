package dev.weft.ingress.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.RuleName;
import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.TlsTermination;
import dev.weft.ingress.route.TlsTermination.ClientAuth;
import dev.weft.ingress.route.TlsTermination.Version;
import dev.weft.ingress.route.Upstream;
import dev.weft.ingress.route.UpstreamTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** TLS on both sides, over real sockets. */
class TlsTest {
    private static final Target TO_WEB = Target.to(Proxy.id("web"));

    private static Listener https(
            String host, HttpRule rule, Optional<ClientAuth> clients, Certificate... certificates) {
        return new Listener(
                host,
                HostPattern.of(host, HostPattern.Kind.LABELS),
                Optional.of(new TlsTermination(List.of(certificates), Version.TLS_1_2, true, clients)),
                new Listener.Serving.Http(request -> rule, true));
    }

    private static Client connect(int port, @Nullable String name, @Nullable Certificate own, String... protocols)
            throws Exception {
        SSLSocket socket =
                (SSLSocket) Certs.context(own).getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        if (name != null) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        if (protocols.length > 0) {
            parameters.setProtocols(protocols);
        }
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return new Client(socket);
    }

    private static String shown(Client client) throws Exception {
        X509Certificate certificate =
                (X509Certificate) ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName();
    }

    @Test
    void theServerNameChoosesListenerAndCertificate() throws Exception {
        Certificate a = Certs.make("a", "dns:a.example");
        Certificate wild = Certs.make("wild", "dns:*.b.example");
        Certificate other = Certs.make("other", "dns:c.example");
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()))) {
            proxy.serve(new Port.Web(List.of(
                    https("a.example", Proxy.rule(TO_WEB), Optional.empty(), a),
                    https("*", Proxy.rule(Target.respond(418)), Optional.empty(), other, wild))));
            try (Client client = connect(proxy.port, "a.example", null)) {
                assertThat(shown(client)).isEqualTo("CN=a");
                assertThat(client.get("/").read().status()).isEqualTo(200);
                assertThat(backend.last().field("x-forwarded-proto")).isEqualTo("https");
                client.send("GET / HTTP/1.1\r\nHost: z.example\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(421);
            }
            try (Client client = connect(proxy.port, "x.b.example", null)) {
                assertThat(shown(client)).isEqualTo("CN=wild");
            }
            try (Client client = connect(proxy.port, null, null)) {
                assertThat(shown(client)).isEqualTo("CN=other");
                client.send("GET / HTTP/1.1\r\nHost: z.example\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(418);
            }
        }
    }

    @Test
    void certificatesRotateWithoutALostConnection() throws Exception {
        Certificate old = Certs.make("old", "dns:a.example");
        Certificate fresh = Certs.make("fresh", "dns:a.example");
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()))) {
            proxy.serve(new Port.Web(List.of(https("a.example", Proxy.rule(TO_WEB), Optional.empty(), old))));
            try (Client before = connect(proxy.port, "a.example", null)) {
                assertThat(before.get("/").read().status()).isEqualTo(200);
                proxy.serve(new Port.Web(List.of(https("a.example", Proxy.rule(TO_WEB), Optional.empty(), fresh))));
                assertThat(before.get("/").read().status()).isEqualTo(200);
                try (Client after = connect(proxy.port, "a.example", null)) {
                    assertThat(shown(after)).isEqualTo("CN=fresh");
                    assertThat(after.get("/").read().status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void aCertificateThatCannotBeReadIsToldAndTheRestServes() throws Exception {
        Certificate good = Certs.make("good", "dns:a.example");
        Certificate bad = new Certificate("ns/bad", "nonsense", "nonsense");
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()))) {
            List<Problem> problems = proxy.server.swap(new dev.weft.ingress.route.Routing(
                    java.util.Map.of(
                            proxy.port,
                            new Port.Web(List.of(
                                    https("b.example", Proxy.rule(TO_WEB), Optional.empty(), bad),
                                    https("a.example", Proxy.rule(TO_WEB), Optional.empty(), good)))),
                    java.util.Map.of(Proxy.id("web"), Proxy.upstream("web", backend.port()))));
            assertThat(problems).singleElement().satisfies(problem -> {
                assertThat(problem.listener()).isEqualTo("b.example");
                assertThat(problem.reason()).contains("ns/bad");
            });
            try (Client client = connect(proxy.port, "a.example", null)) {
                assertThat(client.get("/").read().status()).isEqualTo(200);
            }
            assertThatThrownBy(() -> connect(proxy.port, "b.example", null)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> connect(proxy.port, "nobody.example", null))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void clientCertificatesAreAskedForAndTold() throws Exception {
        Certificate server = Certs.make("server", "dns:a.example");
        Certificate known = Certs.make("known");
        Certificate stranger = Certs.make("stranger");
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()))) {
            proxy.serve(new Port.Web(
                    List.of(https("a.example", Proxy.rule(TO_WEB), asked(known, ClientAuth.Mode.REQUIRED), server))));
            try (Client client = connect(proxy.port, "a.example", known)) {
                client.send("GET / HTTP/1.1\r\nHost: a.example\r\nssl-client-subject-dn: CN=forged\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(200);
                assertThat(backend.last().field("ssl-client-subject-dn")).isEqualTo("CN=known");
                assertThat(backend.last().field("ssl-client-verify")).isEqualTo("SUCCESS");
                assertThat(backend.last().field("ssl-client-cert")).startsWith("-----BEGIN%20CERTIFICATE-----%0A");
                assertThat(backend.last().head()).doesNotContain("forged");
            }
            try (Client client = connect(proxy.port, "a.example", null)) {
                assertThat(client.get("/").read().status()).isEqualTo(400);
            }
            // Clients do not show what the server's list of authorities does not ask for.
            assertThat(status(proxy, stranger)).isEqualTo(400);
            proxy.serve(new Port.Web(
                    List.of(https("a.example", Proxy.rule(TO_WEB), asked(known, ClientAuth.Mode.HANDSHAKE), server))));
            assertThat(status(proxy, null)).isEqualTo(0);
            assertThat(status(proxy, known)).isEqualTo(200);
            proxy.serve(new Port.Web(List.of(https(
                    "a.example",
                    Proxy.rule(TO_WEB, new Filter.ClientSubject(Pattern.compile("CN=kn"))),
                    asked(known, ClientAuth.Mode.UNVERIFIED),
                    server))));
            assertThat(status(proxy, stranger)).isEqualTo(403);
            assertThat(status(proxy, known)).isEqualTo(200);
            assertThat(backend.last().field("ssl-client-verify")).isEqualTo("SUCCESS");
            assertThat(status(proxy, null)).isEqualTo(403);
            proxy.serve(new Port.Web(
                    List.of(https("a.example", Proxy.rule(TO_WEB), asked(known, ClientAuth.Mode.UNVERIFIED), server))));
            assertThat(status(proxy, stranger)).isEqualTo(200);
            assertThat(backend.last().field("ssl-client-verify")).startsWith("FAILED:");
        }
    }

    private static Optional<ClientAuth> asked(Certificate authority, ClientAuth.Mode mode) {
        return Optional.of(new ClientAuth(authority.chain(), mode, 1, true));
    }

    /** 0 if the handshake, or what follows it, fails. */
    private static int status(Proxy proxy, @Nullable Certificate own) throws Exception {
        try (Client client = connect(proxy.port, "a.example", own)) {
            return client.get("/").read().status();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void aConnectionThatWasNotAskedForItsCertificateIsMisdirected() throws Exception {
        Certificate server = Certs.make("server", "dns:a.example");
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()))) {
            proxy.serve(new Port.Web(List.of(https("a.example", Proxy.rule(TO_WEB), Optional.empty(), server))));
            try (Client client = connect(proxy.port, "a.example", null)) {
                assertThat(client.get("/").read().status()).isEqualTo(200);
                proxy.serve(new Port.Web(List.of(
                        https("a.example", Proxy.rule(TO_WEB), asked(server, ClientAuth.Mode.REQUIRED), server))));
                assertThat(client.get("/").read().status()).isEqualTo(421);
            }
        }
    }

    @Test
    void tls12And13AreSpokenAndOlderIsNot() throws Exception {
        Certificate server = Certs.make("server", "dns:a.example");
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()))) {
            proxy.serve(new Port.Web(List.of(https("a.example", Proxy.rule(TO_WEB), Optional.empty(), server))));
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (Client client = connect(proxy.port, "a.example", null, version)) {
                    assertThat(client.get("/").read().status()).as(version).isEqualTo(200);
                }
            }
            proxy.serve(new Port.Web(List.of(new Listener(
                    "new",
                    HostPattern.ANY,
                    Optional.of(new TlsTermination(List.of(server), Version.TLS_1_3, false, Optional.empty())),
                    new Listener.Serving.Http(request -> Proxy.rule(TO_WEB), false)))));
            assertThatThrownBy(() -> connect(proxy.port, "a.example", null, "TLSv1.2"))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void http2IsNegotiated() throws Exception {
        Certificate server = Certs.make("server", "dns:localhost");
        try (Backend backend = Backend.of((request, in, out) -> {
                    String body = request.text();
                    out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()));
                HttpClient client =
                        HttpClient.newBuilder().sslContext(Certs.context(null)).build()) {
            proxy.serve(new Port.Web(List.of(https("*", Proxy.rule(TO_WEB), Optional.empty(), server))));
            for (int size : List.of(0, 1, 100, 20_000, 300_000)) {
                byte[] body = new byte[size];
                Arrays.fill(body, (byte) 'x');
                HttpResponse<byte[]> answer = client.send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + proxy.port + "/p"))
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(answer.body()).isEqualTo(body);
            }
        }
    }

    @Test
    void tlsIsPassedThroughByItsServerName() throws Exception {
        Certificate own = Certs.make("own", "dns:pass.example");
        try (Backend backend = secret(own);
                Backend web = Backend.ok("x");
                Proxy proxy = new Proxy()
                        .with(Proxy.upstream("tls", backend.port()))
                        .with(Proxy.upstream("web", web.port()))) {
            Certificate ended = Certs.make("ended", "dns:a.example");
            Listener passing = new Listener(
                    "pass",
                    HostPattern.of("*.example", HostPattern.Kind.LABELS),
                    Optional.empty(),
                    new Listener.Serving.Streams(List.of(new Listener.StreamRule(
                            new RuleName("TLSRoute", "ns", "t", 0),
                            HostPattern.of("pass.example", HostPattern.Kind.LABELS),
                            Target.to(Proxy.id("tls"))))));
            proxy.serve(
                    new Port.Web(List.of(passing, https("a.example", Proxy.rule(TO_WEB), Optional.empty(), ended))));
            try (Client client = connect(proxy.port, "pass.example", null)) {
                assertThat(shown(client)).isEqualTo("CN=own");
                assertThat(client.get("/").read().body()).isEqualTo("secret");
            }
            try (Client client = connect(proxy.port, "a.example", null)) {
                assertThat(shown(client)).isEqualTo("CN=ended");
                assertThat(client.get("/").read().body()).isEqualTo("x");
            }
            assertThatThrownBy(() -> connect(proxy.port, "other.example", null)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void backendsAreVerified() throws Exception {
        Certificate own = Certs.make("own", "dns:backend.example", "uri:spiffe://c/ns/x");
        Certificate other = Certs.make("other", "dns:backend.example");
        try (Backend backend = secret(own);
                Proxy proxy = new Proxy().serve(Proxy.rule(TO_WEB));
                Client client = proxy.client()) {
            assertThat(asked(proxy, client, backend, "backend.example", true, own.chain()))
                    .isEqualTo(200);
            assertThat(asked(proxy, client, backend, "wrong.example", true, own.chain()))
                    .isEqualTo(502);
            assertThat(asked(proxy, client, backend, "backend.example", true, other.chain()))
                    .isEqualTo(502);
            assertThat(asked(proxy, client, backend, "wrong.example", true, own.chain(), "backend.example"))
                    .isEqualTo(200);
            assertThat(asked(proxy, client, backend, "wrong.example", true, own.chain(), "spiffe://c/ns/x"))
                    .isEqualTo(200);
            assertThat(asked(proxy, client, backend, "", false, "")).isEqualTo(200);
            assertThat(asked(proxy, client, backend, "backend.example", true, ""))
                    .isEqualTo(502);
        }
    }

    private static int asked(
            Proxy proxy,
            Client client,
            Backend backend,
            String name,
            boolean verify,
            String authorities,
            String... alternatives)
            throws Exception {
        Upstream plain = Proxy.upstream("web", backend.port());
        proxy.with(new Upstream(
                        plain.id(),
                        plain.endpoints(),
                        plain.protocol(),
                        Optional.of(
                                new UpstreamTls(name, verify, authorities, List.of(alternatives), Optional.empty())),
                        plain.balancing()))
                .serve(Proxy.rule(TO_WEB));
        return client.get("/").read().status();
    }

    private static Backend secret(Certificate own) throws Exception {
        return Backend.tls(own, (request, in, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret".getBytes(StandardCharsets.US_ASCII));
            return true;
        });
    }
}
