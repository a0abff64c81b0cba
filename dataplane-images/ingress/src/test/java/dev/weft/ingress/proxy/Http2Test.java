package dev.weft.ingress.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.Upstream;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** HTTP/2 with prior knowledge on both sides. The proxy stands before itself, so that each side answers the other. */
@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with CR and LF
class Http2Test {
    /** Streams that a client may reset within the window of {@code Http2Server}. */
    private static final int RESETS = 200;

    private static final Target TO_WEB = Target.to(Proxy.id("web"));

    private static Upstream http2(int port) {
        Upstream plain = Proxy.upstream("web", port);
        return new Upstream(plain.id(), plain.endpoints(), Upstream.Protocol.HTTP2, plain.tls(), plain.balancing());
    }

    private static Backend echo() throws IOException {
        return Backend.of((request, in, out) -> {
            String body = request.text();
            out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.ISO_8859_1));
            return true;
        });
    }

    private static Http2Headers get(String path) {
        return new DefaultHttp2Headers(false)
                .method("GET")
                .scheme("http")
                .authority("a.example")
                .path(path);
    }

    @Test
    void requestsPassThroughTwoProxies() throws Exception {
        try (Backend backend = echo();
                Proxy inner = new Proxy().serve(backend);
                Proxy outer = new Proxy().with(http2(inner.port)).serve(Proxy.rule(TO_WEB));
                Client client = outer.client()) {
            for (int size : List.of(0, 1, 1000, 70_000, 1_000_000)) {
                String body = "y".repeat(size);
                client.send("PUT /p?q HTTP/1.1\r\nHost: a.example\r\nCookie: a=b\r\nContent-Length: " + size
                        + "\r\n\r\n" + body);
                assertThat(client.read().body()).hasSize(size);
                assertThat(backend.last().text()).isEqualTo(body);
                assertThat(backend.last().head()).startsWith("PUT /p?q HTTP/1.1\r\n");
                assertThat(backend.last().field("host")).isEqualTo("a.example");
                assertThat(backend.last().field("cookie")).isEqualTo("a=b");
            }
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
            assertThat(client.read().body()).isEqualTo("abc");
            assertThat(backend.last().head()).contains("Transfer-Encoding: chunked");
        }
    }

    @Test
    void trailersPassBothWaysAsGrpcNeedsThem() throws Exception {
        try (Backend backend = Backend.fixed("HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\ngrpc-status: 0\r\n\r\n");
                Proxy inner = new Proxy().serve(backend);
                Proxy outer = new Proxy().with(http2(inner.port)).serve(Proxy.rule(TO_WEB));
                H2Client client = new H2Client(outer.port)) {
            Http2Headers head = get("/x").method("POST").add("te", "trailers").add("content-type", "application/grpc");
            H2Client.Stream stream = client.open(head, false);
            stream.send(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII), true);
            stream.await();
            assertThat(stream.headers().status()).hasToString("200");
            assertThat(stream.body()).isEqualTo("abc");
            assertThat(stream.trailers().get("grpc-status")).hasToString("0");
            assertThat(backend.last().text()).isEqualTo("hello");
            assertThat(backend.last().field("te")).isEqualTo("trailers");
        }
    }

    @Test
    void manyStreamsShareOneConnection() throws Exception {
        try (Backend backend = echo();
                Proxy inner = new Proxy().serve(backend);
                Proxy outer = new Proxy().with(http2(inner.port)).serve(Proxy.rule(TO_WEB));
                H2Client client = new H2Client(outer.port)) {
            List<H2Client.Stream> streams = new ArrayList<>();
            for (int i = 0; i < 90; i++) {
                H2Client.Stream stream = client.open(get("/" + i).method("POST"), false);
                stream.send(Unpooled.copiedBuffer("body" + i, StandardCharsets.US_ASCII), true);
                streams.add(stream);
            }
            for (int i = 0; i < 90; i++) {
                streams.get(i).await();
                assertThat(streams.get(i).body()).isEqualTo("body" + i);
            }
        }
    }

    @Test
    void oneConnectionServesManyCallsOneAfterTheOther() throws Exception {
        try (Backend backend = Backend.fixed("HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\ngrpc-status: 0\r\n\r\n");
                Proxy inner = new Proxy().serve(backend);
                Proxy outer = new Proxy().with(http2(inner.port)).serve(Proxy.rule(TO_WEB));
                H2Client client = new H2Client(outer.port)) {
            for (int i = 0; i < 1500; i++) {
                H2Client.Stream stream = client.open(get("/" + i).method("POST").add("te", "trailers"), false);
                stream.send(Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII), true);
                stream.await();
                assertThat(stream.trailers().get("grpc-status")).as("call " + i).hasToString("0");
            }
        }
    }

    @Test
    void largeAnswersWaitForTheClientsWindow() throws Exception {
        String large = "z".repeat(3_000_000);
        try (Backend backend = Backend.ok(large);
                Proxy proxy = new Proxy().serve(backend);
                H2Client client = new H2Client(proxy.port)) {
            H2Client.Stream stream = client.open(get("/"), true);
            stream.await();
            assertThat(stream.body()).hasSize(large.length());
        }
    }

    @Test
    void malformedHeadsAreRefused() throws Exception {
        try (Backend backend = echo();
                Proxy proxy = new Proxy().serve(backend);
                H2Client client = new H2Client(proxy.port)) {
            List<Http2Headers> bad = List.of(
                    get("nothing"),
                    get("/a b"),
                    get("/").add("x-y", "a\nb"),
                    get("/").add("x y", "a"),
                    get("/").add("host", "other.example"),
                    get("/").authority("user@host"));
            for (Http2Headers head : bad) {
                H2Client.Stream stream = client.open(head, true);
                stream.await();
                assertThat(stream.outcome()).as(head.toString()).isIn("400", "reset 1");
            }
            assertThat(backend.received).isEmpty();
            H2Client.Stream good = client.open(get("/"), true);
            good.await();
            assertThat(good.outcome()).isEqualTo("200");
        }
    }

    @Test
    void clientsThatResetAllTheTimeAreCut() throws Exception {
        try (Backend backend = Backend.of((request, in, out) -> in.read() >= 0);
                Proxy proxy = new Proxy().serve(backend);
                H2Client client = new H2Client(proxy.port)) {
            // One more than is allowed, and nothing after it: what a server leaves unread when it closes makes TCP
            // reset the
            // connection, and the GOAWAY may be lost.
            for (int resets = 0; resets <= RESETS; resets++) {
                assertThat(client.openAndReset(get("/")) || resets == RESETS).isTrue();
            }
            await().until(() -> !client.isOpen());
            assertThat(client.goAwayCode()).isEqualTo(11);
        }
    }

    @Test
    void clientsThatPingAllTheTimeAreCut() throws Exception {
        try (Backend backend = echo();
                Proxy proxy = new Proxy().serve(backend);
                H2Client client = new H2Client(proxy.port)) {
            for (int i = 0; i < 2000 && client.isOpen(); i++) {
                client.ping();
            }
            await().until(() -> !client.isOpen());
        }
    }

    @Test
    void drainingTellsClientsAndFinishesStreams() throws Exception {
        CompletableFuture<Void> go = new CompletableFuture<>();
        try (Backend backend = Backend.of((request, in, out) -> {
                    go.join();
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                Proxy proxy = new Proxy().serve(backend);
                H2Client client = new H2Client(proxy.port)) {
            H2Client.Stream stream = client.open(get("/"), true);
            await().until(() -> !backend.received.isEmpty());
            CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(
                    () -> proxy.server.drain(Duration.ofSeconds(10)), Thread::startVirtualThread);
            await().until(() -> client.goAwayCode() == 0);
            go.complete(null);
            stream.await();
            assertThat(stream.body()).isEqualTo("ok");
            assertThat(drained.join()).isTrue();
        }
    }

    @Test
    void aBackendThatRefusesAStreamIsAskedAgain() throws Exception {
        try (Backend backend = echo();
                Proxy inner = new Proxy().serve(backend);
                Proxy outer = new Proxy().with(http2(inner.port)).serve(Proxy.rule(TO_WEB));
                Client client = outer.client()) {
            assertThat(client.get("/").read().status()).isEqualTo(200);
            // The backend goes away with GOAWAY and comes back: nothing is lost.
            inner.server.drain(Duration.ofSeconds(5));
            try (Proxy again = new Proxy().serve(backend)) {
                outer.with(http2(again.port)).serve(Proxy.rule(TO_WEB));
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
                assertThat(client.read().body()).isEqualTo("hi");
            }
        }
    }
}
