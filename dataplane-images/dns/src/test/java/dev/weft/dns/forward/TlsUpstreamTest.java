package dev.weft.dns.forward;

import static dev.weft.dns.forward.Replies.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.config.DnsConfig;
import dev.weft.config.DnsConfig.Protocol;
import dev.weft.dns.zone.Objects;
import dev.weft.dns.zone.PodsMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** DNS over TLS (RFC 7858) with the strict profile of RFC 8310. */
class TlsUpstreamTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path folder;

    private static SSLContext context;

    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void certificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path keys = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=dns:dns.example",
                        "-keystore",
                        keys.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("test", store.getCertificate(store.aliases().nextElement()));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    }

    private FakeUpstream upstream() throws IOException {
        FakeUpstream upstream = new FakeUpstream(Replies::good, context.getServerSocketFactory());
        open.add(upstream);
        return upstream;
    }

    private TestDns dns(FakeUpstream upstream, String serverName, SSLSocketFactory trust) {
        DnsConfig config = TestDns.config(
                10,
                List.of(TestDns.server(Protocol.TLS, upstream.port(), serverName)),
                List.of(),
                Optional.empty(),
                List.of());
        TestDns dns = new TestDns(Objects.zone(PodsMode.INSECURE), config, SearchPath.NONE, trust);
        open.add(dns);
        return dns;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void theServerWithTheRightNameIsAsked() throws IOException {
        FakeUpstream upstream = upstream();
        TestDns dns = dns(upstream, "dns.example", context.getSocketFactory());
        for (int i = 0; i < 5; i++) {
            assertThat(text(dns.ask("n" + i + ".example.com", Type.A))).isEqualTo("NOERROR[ A 192.0.2.1]");
        }
        assertThat(upstream.connections()).as("a handshake is dear").isEqualTo(1);
        upstream.hangUp();
        await().until(() -> text(dns.ask("again.example.com", Type.A)).equals("NOERROR[ A 192.0.2.1]"));
    }

    @Test
    void anotherNameIsNotBelieved() throws IOException {
        FakeUpstream upstream = upstream();
        TestDns dns = dns(upstream, "other.example", context.getSocketFactory());
        assertThat(dns.ask("www.example.com", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(upstream.asked()).as("it never sees a question").isZero();
        assertThat(dns.forwarding().status().getFirst().lastError()).contains("other.example");
    }

    @Test
    void whoIsNotTrustedIsNotAsked() throws IOException {
        FakeUpstream upstream = upstream();
        TestDns dns = dns(upstream, "dns.example", (SSLSocketFactory) SSLSocketFactory.getDefault());
        assertThat(dns.ask("www.example.com", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(upstream.asked()).isZero();
    }
}
