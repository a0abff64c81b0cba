package dev.weft.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {
    private final Metrics metrics = new Metrics();
    private volatile Check ready = Check.bad("first sync is not done");
    private HealthServer server;

    @BeforeEach
    void start() throws IOException {
        metrics.counter("a_total", "A.");
        Health health = new Health()
                .live("routes", Check::good)
                .live("broken check", Check::good)
                .ready("routes", () -> ready);
        server = new HealthServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), health, metrics, () -> "{\"node\":\"a\"}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void servesItsPages() throws IOException {
        assertThat(ask("GET /healthz HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .endsWith("ok   routes\nok   broken check\n");
        assertThat(ask("GET /readyz HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 503")
                .endsWith("FAIL routes: first sync is not done\n");
        ready = Check.good();
        assertThat(ask("GET /readyz HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
        assertThat(ask("GET /metrics HTTP/1.0\r\n\r\n"))
                .contains("version=0.0.4")
                .endsWith("\na_total 0\n");
        assertThat(ask("GET /status HTTP/1.0\r\n\r\n"))
                .contains("application/json")
                .endsWith("{\"node\":\"a\"}");
        assertThat(ask("HEAD /status HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .doesNotContain("node");
    }

    @Test
    void refusesAllElse() throws IOException {
        assertThat(ask("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 404");
        assertThat(ask("GET /healthz/x HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 404");
        assertThat(ask("GET /status/../../etc/passwd HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 404");
        assertThat(ask("POST /status HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc")).startsWith("HTTP/1.1 405");
        assertThat(ask("GET /status HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc")).startsWith("HTTP/1.1 413");
        String many = "X-Header: y\r\n".repeat(1000);
        assertThat(ask("GET /status HTTP/1.0\r\n" + many + "\r\n")).doesNotContain("node");
        assertThat(ask("GET /" + "a".repeat(100_000) + " HTTP/1.0\r\n\r\n")).doesNotContain("200 OK");
    }

    @Test
    void answersQuestionsOfPeopleOnThisMachine() throws IOException {
        server.local("/trace", query -> {
            if (query.isEmpty()) {
                throw new IllegalArgumentException("from is missing");
            }
            return "asked " + query;
        });
        assertThat(ask("GET /trace?from=a&to=b HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .endsWith("asked from=a&to=b\n");
        assertThat(ask("GET /trace HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .endsWith("from is missing\n");
    }

    @Test
    void keepsConnections() throws IOException {
        try (Socket socket = connect()) {
            for (int i = 0; i < 3; i++) {
                send(socket, "GET /status HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(readUntil(socket, "{\"node\":\"a\"}")).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void clientsThatSayNothingDoNotKeepOthersOut() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                silent.add(connect());
            }
            assertThat(ask("GET /healthz HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void livesThroughGarbage() throws IOException {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            byte[] bytes =
                    "GET /status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 1 + random.nextInt(10); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try (Socket socket = connect()) {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
            }
        }
        assertThat(ask("GET /healthz HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aPortInUseIsNamed() {
        assertThatThrownBy(() -> new HealthServer(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                        new Health(),
                        metrics,
                        () -> ""))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on")
                .hasMessageContaining(Integer.toString(server.port()));
    }

    @Test
    void aCheckThatThrowsIsBad() {
        Health health = new Health().live("x", () -> {
            throw new IllegalStateException("scripted");
        });
        assertThat(health.liveness().ok()).isFalse();
        assertThat(health.liveness().message()).contains("scripted");
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            send(socket, request);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "closed: " + e.getMessage();
        }
    }

    private static String readUntil(Socket socket, String end) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        while (!read.toString(StandardCharsets.UTF_8).endsWith(end)) {
            int b = in.read();
            assertThat(b).isNotNegative();
            read.write(b);
        }
        return read.toString(StandardCharsets.UTF_8);
    }
}
