package dev.weft.ingress.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.weft.config.IngressConfig.Limits;
import dev.weft.ingress.route.Target;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** WebSockets that mostly say nothing. */
@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with CR and LF
class WebSocketsTest {
    private static final int MANY = 10_000;

    /** Of a WebSocket: the client's, two of the proxy's, the backend's. All are this process' here. */
    private static final int DESCRIPTORS = 4;

    private static final int FEW_ENOUGH = 2000;

    private static int count() {
        long left = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - 500
                : 0;
        return left > MANY * DESCRIPTORS ? MANY : (int) Math.min(FEW_ENOUGH, left / DESCRIPTORS);
    }

    private static Backend echo() throws IOException {
        return Backend.of((request, in, out) -> {
            out.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
                    .getBytes(StandardCharsets.ISO_8859_1));
            for (int b = in.read(); b >= 0; b = in.read()) {
                out.write(Character.toUpperCase(b));
            }
            return false;
        });
    }

    private static ProxySettings settings() {
        ProxySettings usual = Proxy.settings();
        return new ProxySettings(
                usual.loops(),
                usual.proxyProtocol(),
                usual.trusted(),
                false,
                new Limits(4096, 10, 60, 100, MANY + 100),
                Duration.ofSeconds(60),
                usual.slowStart(),
                usual.poolSize(),
                usual.poolIdle());
    }

    @Test
    void manyLiveThroughChangesOfAllThatTheyWereMadeBy() throws Exception {
        int many = count();
        List<Client> clients = new ArrayList<>();
        try (Backend backend = echo();
                Backend other = Backend.ok("new");
                Proxy proxy = new Proxy(settings()).serve(backend)) {
            for (int i = 0; i < many; i++) {
                Client client = proxy.client();
                clients.add(client);
                client.send("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(101);
            }
            // Another endpoint, then another rule, then no port for a moment: whoever is connected stays.
            proxy.serve(other);
            try (Client fresh = proxy.client()) {
                assertThat(fresh.get("/").read().body()).isEqualTo("new");
            }
            proxy.serve(Proxy.rule(Target.respond(404)));
            for (Client client : clients) {
                client.send("a");
            }
            for (Client client : clients) {
                assertThat(client.bytes(1)).isEqualTo("A");
            }
            try (Client fresh = proxy.client()) {
                assertThat(fresh.get("/").read().status()).isEqualTo(404);
            }
            // Those that end let go of both sides.
            for (Client client : clients) {
                client.close();
            }
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> proxy.metrics.text().contains("weft_ingress_connections 0"));
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }
}
