package dev.weft.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeClientTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    /** Slow machines take long; nothing is decided by it. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ManualTime time = new ManualTime();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Socket dead = new Socket();
    private HttpServer server;
    private volatile int answer = 200;
    private volatile String body = "{}";

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/", this::serve);
        server.createContext("/token", exchange -> {
            boolean good = "Bearer second".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            send(exchange, good ? 200 : 401, "{}");
        });
        server.createContext("/silent", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("{".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            hang();
        });
        server.createContext("/mute", exchange -> hang());
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        dead.close();
        end.countDown();
        server.stop(0);
        executor.shutdownNow();
    }

    @Test
    void gets() throws KubeException {
        body = "{\"a\":\"ü\"}";
        try (KubeClient client = client(good())) {
            assertThat(new String(client.get("/x?y=z"), StandardCharsets.UTF_8)).isEqualTo(body);
        }
        assertThat(asked).containsExactly("GET /x?y=z ");
    }

    @Test
    void applies() throws KubeException {
        try (KubeClient client = client(good())) {
            client.apply("/api/v1/namespaces/shop/services/web?dryRun=All", "weft/ingress", "{}");
        }
        assertThat(asked)
                .containsExactly(
                        "PATCH /api/v1/namespaces/shop/services/web?dryRun=All&force=true&fieldManager=weft%2Fingress {}");
    }

    @Test
    void deletes() throws KubeException {
        try (KubeClient client = client(good())) {
            client.delete("/api/v1/namespaces/shop/services/web");
        }
        assertThat(asked).containsExactly("DELETE /api/v1/namespaces/shop/services/web ");
    }

    @Test
    void aRefusalIsTyped() {
        answer = 404;
        body = "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"message\":\"nodes \\\"a\\\" not found\",\"code\":404}";
        try (KubeClient client = client(good())) {
            KubeApiException refusal =
                    catchThrowableOfType(KubeApiException.class, () -> client.get("/api/v1/nodes/a"));
            assertThat(refusal)
                    .hasMessage("GET /api/v1/nodes/a: 404 NotFound: nodes \"a\" not found")
                    .matches(KubeApiException::isNotFound);
            answer = 503;
            body = "<html>not Kubernetes</html>";
            assertThat(catchThrowableOfType(KubeApiException.class, () -> client.get("/x")))
                    .hasMessage("GET /x: 503")
                    .matches(KubeApiException::isTransient);
        }
    }

    @Test
    void goesOnToTheServerThatAnswersAndStaysThere() throws Exception {
        URI dead = deadServer();
        try (KubeClient client = client(dead, good())) {
            client.get("/1");
            client.create("/2", "{\"a\":1}");
            client.get("/3");
        }
        assertThat(asked).containsExactly("GET /1 ", "POST /2 {\"a\":1}", "GET /3 ");
    }

    @Test
    void namesEveryServerThatDoesNotAnswer() throws IOException {
        URI dead = deadServer();
        try (KubeClient client = client(dead, URI.create("http://127.0.0.1:1"))) {
            assertThatThrownBy(() -> client.get("/x"))
                    .isInstanceOf(KubeUnreachableException.class)
                    .hasMessageContaining(dead.toString())
                    .hasMessageContaining("http://127.0.0.1:1");
        }
    }

    @Test
    void aServerThatFailsIsLeftForTheNextRequest() throws IOException {
        answer = 500;
        HttpServer second = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        second.createContext("/", exchange -> send(exchange, 200, "[]"));
        second.start();
        try (KubeClient client = client(good(), uri(second))) {
            assertThatThrownBy(() -> client.get("/x")).isInstanceOf(KubeApiException.class);
            assertThat(catchThrowableOfType(KubeException.class, () -> client.get("/x")))
                    .isNull();
        } finally {
            second.stop(0);
        }
    }

    @Test
    void whatMayHaveHappenedIsNotSentTwice() {
        KubeConfig impatient = new KubeConfig(
                List.of(URI.create(good() + "/mute"), good()), Optional.empty(), Optional.empty(), PATIENCE, SHORT);
        try (KubeClient client = new KubeClient(impatient, time)) {
            assertThatThrownBy(() -> client.create("/x", "{}")).isInstanceOf(KubeUnreachableException.class);
            assertThat(asked).isEmpty();
        }
    }

    @Test
    void silenceEndsARead() throws Exception {
        try (KubeClient client = client(good());
                BodyStream stream = client.open("/silent", SHORT)) {
            assertThat(stream.read()).isEqualTo('{');
            assertThatThrownBy(stream::read).hasMessageContaining("nothing came");
        }
    }

    /** A node whose address changed gets nothing more by its connections, and is not told. */
    @Test
    void reconnectingBreaksOffWhatIsBeingRead() throws Exception {
        try (KubeClient client = client(good());
                BodyStream stream = client.open("/silent", Duration.ofHours(1))) {
            assertThat(stream.read()).isEqualTo('{');
            executor.execute(client::reconnect);
            assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
            assertThat(client.get("/")).asString().isEqualTo("{}");
        }
    }

    @Test
    void closingWakesAReader() throws Exception {
        try (KubeClient client = client(good());
                BodyStream stream = client.open("/silent", Duration.ofHours(1))) {
            assertThat(stream.read()).isEqualTo('{');
            executor.execute(stream::close);
            assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void readsTheTokenAgainWhenItIsRefused() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "first\n");
        try (KubeClient client = new KubeClient(config(Optional.of(token), good()), time)) {
            assertThat(catchThrowableOfType(KubeApiException.class, () -> client.get("/token"))
                            .status())
                    .isEqualTo(401);
            Files.writeString(token, "second\n");
            client.get("/token");
        }
    }

    @Test
    void keepsTheTokenWhileItsFileIsAway() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "a.b.c\n");
        TokenFile token = new TokenFile(file, time);
        assertThat(token.get()).isEqualTo("a.b.c");
        Files.writeString(file, "d.e.f");
        assertThat(token.get()).isEqualTo("a.b.c");
        time.pass(Duration.ofSeconds(31));
        assertThat(token.get()).isEqualTo("d.e.f");
        Files.delete(file);
        time.pass(Duration.ofSeconds(31));
        assertThat(token.get()).isEqualTo("d.e.f");
        assertThatThrownBy(() -> new TokenFile(file, time).get()).isInstanceOf(IOException.class);
        Files.writeString(file, "two words");
        assertThatThrownBy(() -> new TokenFile(file, time).get())
                .hasMessageContaining("holds no token")
                .hasMessageNotContaining("two words");
    }

    @Test
    void withoutATokenFileNothingIsAsked() {
        try (KubeClient client = new KubeClient(config(Optional.of(folder.resolve("none")), good()), time)) {
            assertThatThrownBy(() -> client.get("/x"))
                    .isInstanceOf(KubeUnreachableException.class)
                    .hasMessageContaining("none");
        }
        assertThat(asked).isEmpty();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + sent);
        send(exchange, answer, body);
    }

    private static void send(HttpExchange exchange, int code, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void hang() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private URI good() {
        return uri(server);
    }

    private static URI uri(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Has its port as long as the test runs, so that nobody else answers there, and refuses connections. */
    private URI deadServer() throws IOException {
        dead.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return URI.create("http://127.0.0.1:" + dead.getLocalPort());
    }

    private KubeClient client(URI... servers) {
        return new KubeClient(config(Optional.empty(), servers), time);
    }

    private static KubeConfig config(Optional<Path> token, URI... servers) {
        return new KubeConfig(List.of(servers), token, Optional.empty(), PATIENCE, PATIENCE);
    }
}
