package dev.weft.ingress.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.config.IngressConfig.Limits;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients that take their time have what the limits say, however busy they look. */
@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with CR and LF
class SlowClientsTest {
    /** Much more than the limits of the proxy, for slow machines. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Sends a piece every now and then until the other side says something or ends. */
    private static String trickle(Client client, String piece) throws IOException {
        client.socket().setSoTimeout(100);
        long began = System.nanoTime();
        StringBuilder heard = new StringBuilder();
        while (System.nanoTime() - began < PATIENCE.toNanos()) {
            try {
                client.send(piece);
                int b = client.socket().getInputStream().read();
                if (b < 0) {
                    return heard.toString();
                }
                heard.append((char) b);
            } catch (SocketTimeoutException e) {
                // Nothing yet.
            } catch (SocketException e) {
                return heard + "(reset)";
            }
        }
        throw new AssertionError("still served after " + PATIENCE + ": " + heard);
    }

    @Test
    void aHeadThatTricklesIs408() throws Exception {
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");
            assertThat(trickle(client, "y")).containsAnyOf("408", "(reset)");
            assertThat(backend.received).isEmpty();
        }
    }

    @Test
    void manyOfThemKeepNobodyFromBeingServed() throws Exception {
        List<Client> slow = new ArrayList<>();
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().serve(backend)) {
            for (int i = 0; i < 500; i++) {
                Client client = proxy.client();
                slow.add(client.send("GET / HTTP/1.1\r\nX-Slow: "));
            }
            try (Client quick = proxy.client()) {
                for (int i = 0; i < 50; i++) {
                    assertThat(quick.get("/").read().status()).isEqualTo(200);
                }
            }
            for (Client client : slow) {
                assertThat(client.read().status()).isEqualTo(408);
                assertThat(client.ended()).isTrue();
            }
        } finally {
            for (Client client : slow) {
                client.close();
            }
        }
    }

    @Test
    void aBodyThatStopsIs408AndItsBackendIsFree() throws Exception {
        try (Backend backend = Backend.of((request, in, out) -> in.read() >= 0);
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nsome");
            assertThat(client.read().status()).isEqualTo(408);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aClientThatDoesNotReadIsCut() throws Exception {
        String large = "z".repeat(20_000_000);
        try (Backend backend = Backend.ok(large);
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            client.socket().setReceiveBufferSize(4096);
            client.get("/");
            await().atMost(PATIENCE).until(() -> !proxy.log.isEmpty());
            assertThat(proxy.log.getFirst()).contains("\"status\":200");
        }
    }

    @Test
    void aConnectionWithoutRequestsIsClosed() throws Exception {
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy(idle()).serve(backend);
                Client never = proxy.client();
                Client once = proxy.client();
                RawH2 frames = new RawH2(proxy.port)) {
            assertThat(once.get("/").read().status()).isEqualTo(200);
            assertThat(never.ended()).isTrue();
            assertThat(once.ended()).isTrue();
            assertThat(frames.ended()).isTrue();
        }
    }

    /** A head in HTTP/2 that does not come to its end, on a connection that has nothing else. */
    @Test
    void aHeadOfFramesThatStopsIsClosed() throws Exception {
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy(idle()).serve(backend);
                RawH2 frames = new RawH2(proxy.port)) {
            frames.send(RawH2.HEADERS, RawH2.END_STREAM, 1, RawH2.get());
            assertThat(frames.ended()).isTrue();
        }
    }

    /** Likewise a connection that says it speaks HTTP/2 and then nothing. */
    @Test
    void aBeginningThatStopsIsClosed() throws Exception {
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM");
            while (!client.ended()) {
                // What it says of its settings.
            }
        }
    }

    private static ProxySettings idle() {
        ProxySettings usual = Proxy.settings();
        return new ProxySettings(
                usual.loops(),
                usual.proxyProtocol(),
                usual.trusted(),
                usual.accessLog(),
                new Limits(4096, 1, 1, 100, 1000),
                usual.body(),
                usual.slowStart(),
                usual.poolSize(),
                usual.poolIdle());
    }
}
