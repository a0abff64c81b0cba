package dev.weft.ingress.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.ingress.proxy.Client.Answer;
import dev.weft.ingress.route.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** HTTP/1 on both sides, over real sockets. */
@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with CR and LF
class Http1Test {
    @Test
    void requestsOfOneClientConnectionShareOneBackendConnection() throws Exception {
        try (Backend backend = Backend.ok("hello");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            for (int i = 0; i < 10; i++) {
                Answer answer = client.get("/" + i).read();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo("hello");
            }
            assertThat(backend.connections()).isEqualTo(1);
            assertThat(backend.received)
                    .extracting(r -> r.head().split(" ")[1])
                    .containsExactly("/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8", "/9");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
        try (Backend backend = Backend.of((request, in, out) -> {
                    String body = request.head().split(" ")[1] + request.text();
                    out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                all.append("POST /").append(i).append(" HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            }
            client.send(all.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(client.read().body()).isEqualTo("/" + i + "abc");
            }
        }
    }

    @Test
    void bodiesPassChunkedInBothDirectionsWithTrailers() throws Exception {
        try (Backend backend = Backend.fixed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                        + "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Sum: 42\r\n\r\n");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nWiki\r\n");
            client.send("5\r\npedia\r\n0\r\nX-Req: 7\r\n\r\n");
            Answer answer = client.read();
            assertThat(answer.body()).isEqualTo("hello world[X-Sum: 42]");
            assertThat(answer.head()).doesNotContain("Content-Length");
            assertThat(backend.last().text()).isEqualTo("Wikipedia[X-Req: 7]");
            assertThat(client.get("/").read().status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatWaitsIsToldToContinue() throws Exception {
        try (Backend backend = Backend.ok("done");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(100);
            client.send("body");
            assertThat(client.read().body()).isEqualTo("done");
            assertThat(backend.last().text()).isEqualTo("body");
            assertThat(backend.last().field("expect")).isEmpty();
        }
    }

    @Test
    void interimAnswersPass() throws Exception {
        try (Backend backend = Backend.fixed("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            Answer hints = client.get("/").read();
            assertThat(hints.status()).isEqualTo(103);
            assertThat(hints.field("link")).isEqualTo("</a.css>");
            assertThat(client.read().body()).isEqualTo("ok");
        }
    }

    @Test
    void answersWithoutBodyEndWithTheirHead() throws Exception {
        try (Backend backend = Backend.of((request, in, out) -> {
                    String path = request.head().split(" ")[1];
                    out.write((switch (path) {
                                case "/head" -> "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n";
                                case "/204" -> "HTTP/1.1 204 No Content\r\n\r\n";
                                case "/304" -> "HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n";
                                default -> "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
                            })
                            .getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            client.send("HEAD /head HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.read(true).field("content-length")).isEqualTo("500");
            assertThat(client.get("/204").read().status()).isEqualTo(204);
            assertThat(client.get("/304").read().status()).isEqualTo(304);
            assertThat(client.get("/empty").read().body()).isEmpty();
            assertThat(backend.connections()).isEqualTo(1);
        }
    }

    @Test
    void http10ClientsAreAnsweredAndClosed() throws Exception {
        try (Backend backend =
                        Backend.fixed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            Answer answer = client.send("GET / HTTP/1.0\r\n\r\n").read();
            assertThat(answer.head()).doesNotContain("chunked").contains("Connection: close");
            assertThat(answer.body()).isEqualTo("abc");
            assertThat(client.ended()).isTrue();
            assertThat(backend.last().head()).startsWith("GET / HTTP/1.1\r\n");
        }
    }

    @Test
    void http10ClientsMayKeepTheirConnection() throws Exception {
        try (Backend backend = Backend.ok("abc");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            for (int i = 0; i < 2; i++) {
                Answer answer = client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                        .read();
                assertThat(answer.field("connection")).isEqualTo("keep-alive");
                assertThat(answer.body()).isEqualTo("abc");
            }
        }
    }

    @Test
    void answersThatEndWithTheirConnectionPass() throws Exception {
        try (Backend backend = Backend.of((request, in, out) -> {
                    out.write("HTTP/1.0 200 OK\r\n\r\nuntil the end".getBytes(StandardCharsets.ISO_8859_1));
                    return false;
                });
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            assertThat(client.get("/").read().body()).isEqualTo("until the end");
            assertThat(client.get("/").read().body()).isEqualTo("until the end");
        }
    }

    @Test
    void connectionCloseIsHonoured() throws Exception {
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            Answer answer = client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .read();
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void webSocketsPassBothWays() throws Exception {
        try (Backend backend = Backend.of((request, in, out) -> {
                    assertThat(request.field("upgrade")).isEqualTo("websocket");
                    assertThat(request.field("connection")).isEqualToIgnoringCase("upgrade");
                    out.write(
                            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nfirst"
                                    .getBytes(StandardCharsets.ISO_8859_1));
                    for (int b = in.read(); b >= 0 && b != '.'; b = in.read()) {
                        out.write(Character.toUpperCase(b));
                    }
                    return false;
                });
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            client.send("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n");
            Answer answer = client.read();
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.field("upgrade")).isEqualTo("websocket");
            assertThat(client.bytes(5)).isEqualTo("first");
            client.send("hello");
            assertThat(client.bytes(5)).isEqualTo("HELLO");
            client.send("bye.");
            assertThat(client.bytes(3)).isEqualTo("BYE");
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aRefusedUpgradeIsAnOrdinaryAnswer() throws Exception {
        try (Backend backend = Backend.fixed("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            client.send("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            assertThat(client.read().body()).isEqualTo("no");
            assertThat(client.get("/").read().status()).isEqualTo(426);
        }
    }

    @Test
    void fieldsOfOneConnectionStayThere() throws Exception {
        try (Backend backend =
                        Backend.fixed("HTTP/1.1 200 OK\r\nConnection: X-Mine\r\nX-Mine: 1\r\nKeep-Alive: timeout=5\r\n"
                                + "X-Other: 2\r\nContent-Length: 0\r\n\r\n");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            client.send(
                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, X-Secret\r\nX-Secret: 1\r\nTE: trailers\r\n"
                            + "Proxy-Connection: x\r\nKeep-Alive: 3\r\nX-Kept:   spaces  \r\n\r\n");
            Answer answer = client.read();
            assertThat(answer.head())
                    .doesNotContain("X-Mine")
                    .doesNotContain("Keep-Alive")
                    .contains("X-Other: 2");
            String head = backend.last().head();
            assertThat(head)
                    .doesNotContain("X-Secret")
                    .doesNotContain("Keep-Alive")
                    .doesNotContain("Proxy-Connection");
            assertThat(head).contains("X-Kept: spaces\r\n");
        }
    }

    @Test
    void largeBodiesPassWholeAndSlowReadersHoldUpTheBackend() throws Exception {
        byte[] large = new byte[32 << 20];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) ((i * 31) >>> 5);
        }
        CountDownLatch sent = new CountDownLatch(1);
        try (Backend backend = Backend.of((request, in, out) -> {
                    out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + large.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
                    out.write(large);
                    sent.countDown();
                    return true;
                });
                Proxy proxy = new Proxy(slow()).serve(backend);
                Client client = proxy.client()) {
            client.get("/");
            String head = Backend.head(client.socket().getInputStream());
            assertThat(head).contains("200 OK");
            // Nobody reads: the proxy does not hold 32 MB, so the backend cannot have sent them.
            assertThat(sent.await(1, TimeUnit.SECONDS)).isFalse();
            assertThat(client.socket().getInputStream().readNBytes(large.length))
                    .isEqualTo(large);
            assertThat(sent.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(client.get("/").read().status()).isEqualTo(200);
        }
    }

    private static ProxySettings slow() {
        ProxySettings usual = Proxy.settings();
        return new ProxySettings(
                1,
                false,
                usual.trusted(),
                false,
                usual.limits(),
                java.time.Duration.ofSeconds(30),
                usual.slowStart(),
                usual.poolSize(),
                usual.poolIdle());
    }

    @Test
    void largeUploadsPassWholeAndSlowBackendsHoldUpTheClient() throws Exception {
        byte[] large = new byte[32 << 20];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) ((i * 17) >>> 3);
        }
        CountDownLatch go = new CountDownLatch(1);
        List<byte[]> arrived = new ArrayList<>();
        try (Backend backend = Backend.of((request, in, out) -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    arrived.add(in.readNBytes(large.length));
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                Proxy proxy = new Proxy(slow()).serve(backend);
                Client client = proxy.client()) {
            client.send("PUT / HTTP/1.1\r\nHost: a\r\nX-Unread: 1\r\nContent-Length: " + large.length + "\r\n\r\n");
            CountDownLatch written = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> {
                try {
                    client.socket().getOutputStream().write(large);
                    written.countDown();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> !backend.received.isEmpty() || written.getCount() == 0);
            assertThat(written.await(1, TimeUnit.SECONDS)).isFalse();
            go.countDown();
            assertThat(client.read().body()).isEqualTo("ok");
            assertThat(arrived.getFirst()).isEqualTo(large);
        }
    }

    @Test
    void aClientThatGoesEndsTheRequestAtTheBackend() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (Backend backend = Backend.of((request, in, out) -> {
                    if (in.read() < 0) {
                        gone.countDown();
                    }
                    return false;
                });
                Proxy proxy = new Proxy().serve(backend)) {
            try (Client client = proxy.client()) {
                client.get("/");
                await().until(() -> !backend.received.isEmpty());
            }
            assertThat(gone.await(5, TimeUnit.SECONDS)).isTrue();
            await().until(() -> proxy.log.stream().anyMatch(line -> line.contains("\"status\":499")));
        }
    }

    @Test
    void unknownUpstreamsAndWeightsOfZeroAre503And500() throws Exception {
        try (Proxy proxy = new Proxy().serve(Proxy.rule(Target.to(Proxy.id("none"))));
                Client client = proxy.client()) {
            assertThat(client.get("/").read().status()).isEqualTo(503);
            proxy.serve(Proxy.rule(Target.respond(404)));
            assertThat(client.get("/").read().status()).isEqualTo(404);
            proxy.serve(Proxy.rule(new Target(
                    List.of(new Target.Backend(new Target.Destination.To(Proxy.id("none")), 0, List.of())))));
            assertThat(client.get("/").read().status()).isEqualTo(500);
        }
    }

    @Test
    void malformedAnswersAre502() throws Exception {
        List<String> bad = List.of(
                "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "nonsense\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
        for (String answer : bad) {
            try (Backend backend = Backend.fixed(answer);
                    Proxy proxy = new Proxy().serve(backend);
                    Client client = proxy.client()) {
                assertThat(client.get("/").read().status()).as(answer).isEqualTo(502);
            }
        }
    }

    @Test
    void anAnswerThatBreaksOffEndsTheConnection() throws Exception {
        try (Backend backend = Backend.of((request, in, out) -> {
                    out.write(
                            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf".getBytes(StandardCharsets.ISO_8859_1));
                    return false;
                });
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            client.get("/");
            assertThat(Backend.head(client.socket().getInputStream())).contains("200");
            assertThat(client.bytes(10)).isEqualTo("half");
            assertThat(client.ended()).isTrue();
        }
    }
}
