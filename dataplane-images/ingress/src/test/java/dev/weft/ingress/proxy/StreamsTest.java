package dev.weft.ingress.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.Routing;
import dev.weft.ingress.route.Target;
import dev.weft.net.Cidr;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** TCP and UDP ports, the PROXY protocol, ports that open and close, and the end of all. */
@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with CR and LF
class StreamsTest {
    @Test
    void connectionsPassWithTheirHalfClose() throws Exception {
        try (ServerSocket echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Proxy proxy = new Proxy().with(Proxy.upstream("tcp", echo.getLocalPort()))) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = echo.accept()) {
                    byte[] all = socket.getInputStream().readAllBytes();
                    socket.getOutputStream().write(("got " + all.length).getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            proxy.serve(new Port.Tcp(Target.to(Proxy.id("tcp"))));
            try (Client client = proxy.client()) {
                client.socket().getOutputStream().write(new byte[5_000_000]);
                client.socket().shutdownOutput();
                InputStream in = client.socket().getInputStream();
                assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                        .isEqualTo("got 5000000");
            }
            await().until(() -> proxy.metrics.text().contains("weft_ingress_streams 0\n"));
        }
    }

    @Test
    void connectionsToNobodyAreClosed() throws Exception {
        try (Proxy proxy = new Proxy()) {
            proxy.serve(new Port.Tcp(Target.to(Proxy.id("none"))));
            try (Client client = proxy.client()) {
                assertThat(client.ended()).isTrue();
            }
        }
    }

    @Test
    void datagramsOfOneClientGoToOneEndpoint() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DatagramSocket a = new DatagramSocket(0, loopback);
                DatagramSocket b = new DatagramSocket(0, loopback);
                Proxy proxy = new Proxy().with(Proxy.upstream("udp", a.getLocalPort(), b.getLocalPort()));
                DatagramSocket client = new DatagramSocket(0, loopback)) {
            Thread.ofVirtual().start(() -> echo(a, "a"));
            Thread.ofVirtual().start(() -> echo(b, "b"));
            proxy.serve(new Port.Udp(Target.to(Proxy.id("udp"))));
            client.setSoTimeout(5000);
            String first = "";
            for (int i = 0; i < 20; i++) {
                byte[] data = ("n" + i).getBytes(StandardCharsets.US_ASCII);
                client.send(new DatagramPacket(data, data.length, loopback, proxy.port));
                DatagramPacket answer = new DatagramPacket(new byte[100], 100);
                client.receive(answer);
                String text = new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
                assertThat(text).endsWith("n" + i);
                first = first.isEmpty() ? text.substring(0, 1) : first;
                assertThat(text).startsWith(first);
            }
        }
    }

    private static void echo(DatagramSocket socket, String name) {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                socket.receive(packet);
                byte[] data = (name + new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII))
                        .getBytes(StandardCharsets.US_ASCII);
                socket.send(new DatagramPacket(data, data.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    @Test
    void theProxyProtocolTellsTheClient() throws Exception {
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy(Proxy.settings(true, List.of(Cidr.parse("127.0.0.0/8")))).serve(backend)) {
            try (Client client = proxy.client()) {
                client.send("PROXY TCP4 203.0.113.7 127.0.0.1 5555 80\r\n").get("/");
                assertThat(client.read().status()).isEqualTo(200);
                assertThat(backend.last().field("x-real-ip")).isEqualTo("203.0.113.7");
                assertThat(backend.last().field("x-forwarded-for")).isEqualTo("203.0.113.7");
            }
            try (Client client = proxy.client()) {
                byte[] head = {
                    13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10, 0x21, 0x11, 0, 12, 9, 9, 9, 9, 127, 0, 0, 1, 1, 1, 0,
                    80
                };
                client.socket().getOutputStream().write(head);
                assertThat(client.get("/").read().status()).isEqualTo(200);
                assertThat(backend.last().field("x-real-ip")).isEqualTo("9.9.9.9");
            }
            try (Client client = proxy.client()) {
                client.get("/");
                assertThat(client.ended()).isTrue();
            }
        }
    }

    @Test
    void whatTrustedProxiesSayIsBelievedAndWhatOthersSayIsNot() throws Exception {
        String told = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4, 203.0.113.7, 127.0.0.9\r\n"
                + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: public.example\r\nForwarded: for=1.2.3.4\r\n"
                + "X-Request-ID: mine\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n";
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy(Proxy.settings(false, List.of(Cidr.parse("127.0.0.0/8")))).serve(backend);
                Client client = proxy.client()) {
            assertThat(client.send(told).read().status()).isEqualTo(200);
            Backend.Received got = backend.last();
            assertThat(got.field("x-real-ip")).isEqualTo("203.0.113.7");
            assertThat(got.field("x-forwarded-for")).isEqualTo("1.2.3.4, 203.0.113.7, 127.0.0.9, 127.0.0.1");
            assertThat(got.field("x-forwarded-proto")).isEqualTo("https");
            assertThat(got.field("x-forwarded-host")).isEqualTo("public.example");
            assertThat(got.field("x-forwarded-port")).isEqualTo("443");
            assertThat(got.field("forwarded")).isEqualTo("for=1.2.3.4, for=127.0.0.1;host=a;proto=http");
            assertThat(got.field("x-request-id")).isEqualTo("mine");
            assertThat(got.field("traceparent")).startsWith("00-0af7");
            await().until(() -> !proxy.log.isEmpty());
            assertThat(proxy.log.getLast())
                    .contains("\"client\":\"203.0.113.7\"", "\"requestId\":\"mine\"", "\"scheme\":\"https\"");
            proxy.server.settings(Proxy.settings());
        }
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            assertThat(client.send(told).read().status()).isEqualTo(200);
            Backend.Received got = backend.last();
            assertThat(got.head()).doesNotContain("1.2.3.4", "public.example");
            assertThat(got.field("x-forwarded-for")).isEqualTo("127.0.0.1");
            assertThat(got.field("x-forwarded-proto")).isEqualTo("http");
            assertThat(got.field("x-forwarded-host")).isEqualTo("a");
            assertThat(got.field("x-forwarded-port")).isEqualTo(Integer.toString(proxy.port));
            assertThat(got.field("forwarded")).isEqualTo("for=127.0.0.1;host=a;proto=http");
        }
    }

    @Test
    void portsOpenAndCloseAndAreToldWhenTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0);
                Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().serve(backend)) {
            List<Problem> problems = proxy.server.swap(
                    new Routing(Map.of(taken.getLocalPort(), new Port.Tcp(Target.respond(503))), Map.of()));
            assertThat(problems)
                    .singleElement()
                    .satisfies(p -> assertThat(p.port()).isEqualTo(taken.getLocalPort()));
            assertThat(proxy.server.ports()).isEmpty();
            assertThat(org.assertj.core.api.Assertions.catchThrowable(proxy::client))
                    .isInstanceOf(IOException.class);
            proxy.serve(backend);
            try (Client client = proxy.client()) {
                assertThat(client.get("/").read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void clientsAreSentAwayWithTheirNextAnswerWhileNewOnesAreTaken() throws Exception {
        try (Backend backend = Backend.ok("ok");
                Proxy proxy = new Proxy().serve(backend);
                Client kept = proxy.client()) {
            assertThat(kept.get("/").read().field("connection")).isEmpty();
            proxy.server.sendAway();
            assertThat(kept.get("/").read().field("connection")).isEqualTo("close");
            assertThat(kept.ended()).isTrue();
            try (Client fresh = proxy.client()) {
                assertThat(fresh.get("/").read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void drainingLetsRequestsEndAndTellsClientsToGo() throws Exception {
        java.util.concurrent.CountDownLatch go = new java.util.concurrent.CountDownLatch(1);
        try (Backend backend = Backend.of((request, in, out) -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                Proxy proxy = new Proxy().serve(backend);
                Client idle = proxy.client();
                Client busy = proxy.client()) {
            busy.get("/");
            await().until(() -> !backend.received.isEmpty());
            java.util.concurrent.CompletableFuture<Boolean> drained =
                    java.util.concurrent.CompletableFuture.supplyAsync(
                            () -> proxy.server.drain(Duration.ofSeconds(10)), Thread::startVirtualThread);
            await().until(() -> proxy.server.ports().isEmpty());
            go.countDown();
            Client.Answer answer = busy.read();
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(answer.field("connection")).isEqualTo("close");
            assertThat(idle.ended()).isTrue();
            assertThat(drained.join()).isTrue();
        }
    }
}
