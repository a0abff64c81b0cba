package dev.weft.ingress.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.ingress.proxy.Client.Answer;
import dev.weft.ingress.route.Affinity;
import dev.weft.ingress.route.BodyLimits;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Retry;
import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.Timeouts;
import dev.weft.ingress.route.Upstream;
import dev.weft.testkit.FreePort;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who is asked, how often, and how long is waited. */
class UpstreamsTest {
    private static final Target TO_WEB = Target.to(Proxy.id("web"));

    private static HttpRule rule(
            Optional<Retry> retry, Optional<Affinity> affinity, BodyLimits body, Timeouts timeouts) {
        return new HttpRule(Proxy.NAME, "/", List.of(), TO_WEB, timeouts, body, retry, affinity);
    }

    private static HttpRule retrying(int attempts, Integer... codes) {
        return rule(
                Optional.of(new Retry(attempts, Set.of(codes), Duration.ZERO)),
                Optional.empty(),
                BodyLimits.NONE,
                Timeouts.DEFAULT);
    }

    private static Timeouts timeouts(long request, long backend, long read) {
        return new Timeouts(
                Duration.ofMillis(request),
                Duration.ofMillis(backend),
                Duration.ofMillis(500),
                Duration.ofMillis(read),
                Duration.ofMillis(500));
    }

    @Test
    void weightsAreKept() throws Exception {
        try (Backend a = Backend.ok("a");
                Backend b = Backend.ok("b");
                Proxy proxy = new Proxy().with(Proxy.upstream("a", a.port())).with(Proxy.upstream("b", b.port()));
                Client client = serving(
                        proxy,
                        Proxy.rule(new Target(List.of(
                                new Target.Backend(new Target.Destination.To(Proxy.id("a")), 90, List.of()),
                                new Target.Backend(new Target.Destination.To(Proxy.id("b")), 10, List.of())))))) {
            for (int i = 0; i < 1000; i++) {
                client.get("/").read();
            }
            assertThat(a.received.size()).isBetween(850, 945);
        }
    }

    private static Client serving(Proxy proxy, HttpRule rule) throws Exception {
        proxy.serve(rule);
        return proxy.client();
    }

    @Test
    void roundRobinTakesTurnsAndHashStays() throws Exception {
        try (Backend a = Backend.ok("a");
                Backend b = Backend.ok("b");
                Backend c = Backend.ok("c");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", a.port(), b.port(), c.port()));
                Client client = serving(proxy, Proxy.rule(TO_WEB))) {
            for (int i = 0; i < 30; i++) {
                client.get("/").read();
            }
            assertThat(List.of(a.received.size(), b.received.size(), c.received.size()))
                    .containsOnly(10);
            Upstream plain = Proxy.upstream("web", a.port(), b.port(), c.port());
            proxy.with(new Upstream(
                            plain.id(),
                            plain.endpoints(),
                            plain.protocol(),
                            plain.tls(),
                            new Upstream.Balancing.Hash("$arg_user$http_x_tenant")))
                    .serve(Proxy.rule(TO_WEB));
            Map<Integer, String> before = new HashMap<>();
            for (int user = 0; user < 60; user++) {
                before.put(user, client.get("/?user=" + user).read().body());
            }
            assertThat(before.values()).contains("a", "b", "c");
            proxy.with(new Upstream(
                            plain.id(),
                            plain.endpoints().subList(0, 2),
                            plain.protocol(),
                            plain.tls(),
                            new Upstream.Balancing.Hash("$arg_user$http_x_tenant")))
                    .serve(Proxy.rule(TO_WEB));
            for (int user = 0; user < 60; user++) {
                String now = client.get("/?user=" + user).read().body();
                if (!"c".equals(before.get(user))) {
                    assertThat(now).isEqualTo(before.get(user));
                }
            }
        }
    }

    @Test
    void endpointsThatRefuseArePassedOverWithoutALostRequest() throws Exception {
        int nobody = FreePort.next();
        try (Backend a = Backend.ok("a");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", nobody, a.port()));
                Client client = serving(proxy, Proxy.rule(TO_WEB))) {
            for (int i = 0; i < 50; i++) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
                assertThat(client.read().status()).isEqualTo(200);
            }
            assertThat(proxy.metrics.text())
                    .contains("weft_ingress_upstream_failures_total{host=\"a\","
                            + "route=\"HTTPRoute/ns/web/0\",reason=\"connect\"} 3\n");
            proxy.with(Proxy.upstream("web", nobody)).serve(Proxy.rule(TO_WEB));
            assertThat(client.get("/").read().status()).isEqualTo(502);
        }
    }

    @Test
    void connectionsThatABackendClosedMeanwhileCostNoRequest() throws Exception {
        try (Backend backend = Backend.ok("a");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/").read().status()).isEqualTo(200);
                backend.cut();
            }
        }
    }

    @Test
    void answersAmongTheCodesAreRetriedIfTheRequestIsIdempotent() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Backend backend = Backend.of((request, in, out) -> {
                    boolean fails = asked.incrementAndGet() % 3 != 0;
                    out.write((fails
                                    ? "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"
                                    : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                            .getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()));
                Client client = serving(proxy, retrying(2, 503))) {
            assertThat(client.get("/").read().status()).isEqualTo(200);
            assertThat(asked).hasValue(3);
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(503);
            assertThat(asked).hasValue(4);
        }
    }

    @Test
    void brokenConnectionsAreRetriedByRuleOnly() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Backend backend = Backend.of((request, in, out) -> {
                    if (asked.incrementAndGet() == 1) {
                        return false;
                    }
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    return false;
                });
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()));
                Client client = serving(proxy, Proxy.rule(TO_WEB))) {
            assertThat(client.get("/").read().status()).isEqualTo(502);
            asked.set(0);
            proxy.serve(retrying(1));
            assertThat(client.get("/").read().status()).isEqualTo(200);
        }
    }

    @Test
    void affinityLeadsBackToTheSameEndpoint() throws Exception {
        Affinity affinity = new Affinity(
                "route",
                Optional.of(Duration.ofHours(1)),
                Optional.empty(),
                "/",
                Optional.empty(),
                Optional.of(true),
                Optional.of("Lax"));
        try (Backend a = Backend.ok("a");
                Backend b = Backend.ok("b");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", a.port(), b.port()));
                Client client = serving(
                        proxy, rule(Optional.empty(), Optional.of(affinity), BodyLimits.NONE, Timeouts.DEFAULT))) {
            Answer first = client.get("/").read();
            String cookie = first.field("set-cookie");
            assertThat(cookie).matches("route=[0-9a-f]{16}; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax");
            String value = cookie.substring(0, cookie.indexOf(';'));
            Set<String> bodies = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: x=y; " + value + "\r\n\r\n");
                Answer answer = client.read();
                assertThat(answer.field("set-cookie")).isEmpty();
                bodies.add(answer.body());
            }
            assertThat(bodies).containsExactly(first.body());
            client.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: route=gone\r\n\r\n");
            assertThat(client.read().field("set-cookie")).isNotEmpty();
        }
    }

    @Test
    void timeoutsAre504And408() throws Exception {
        try (Backend silent = Backend.of((request, in, out) -> in.read() >= 0);
                Proxy proxy = new Proxy().with(Proxy.upstream("web", silent.port()));
                Client client = serving(
                        proxy, rule(Optional.empty(), Optional.empty(), BodyLimits.NONE, timeouts(100, 0, 0)))) {
            assertThat(client.get("/").read().status()).isEqualTo(504);
            proxy.serve(rule(Optional.empty(), Optional.empty(), BodyLimits.NONE, timeouts(0, 100, 0)));
            assertThat(client.get("/").read().status()).isEqualTo(504);
            proxy.serve(rule(Optional.empty(), Optional.empty(), BodyLimits.NONE, timeouts(0, 0, 100)));
            assertThat(client.get("/").read().status()).isEqualTo(504);
            proxy.serve(Proxy.rule(TO_WEB));
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
            assertThat(client.read().status()).isEqualTo(408);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void aTryThatTakesTooLongIsRepeatedByRule() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Backend backend = Backend.of((request, in, out) -> {
                    if (asked.incrementAndGet() == 1) {
                        return in.read() >= 0;
                    }
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()));
                Client client = serving(
                        proxy,
                        rule(
                                Optional.of(new Retry(1, Set.of(), Duration.ofMillis(30))),
                                Optional.empty(),
                                BodyLimits.NONE,
                                timeouts(0, 200, 0)))) {
            assertThat(client.get("/").read().status()).isEqualTo(200);
        }
    }

    @Test
    void bodiesAboveTheLimitAre413() throws Exception {
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()))) {
            proxy.serve(rule(Optional.empty(), Optional.empty(), new BodyLimits(10, false), Timeouts.DEFAULT));
            try (Client client = proxy.client()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(413);
                assertThat(client.ended()).isTrue();
            }
            try (Client client = proxy.client()) {
                client.send(
                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n");
                assertThat(client.read().status()).isEqualTo(413);
            }
            try (Client client = proxy.client()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n1234567890");
                assertThat(client.read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void bufferedRequestsAreSentWhenTheyAreComplete() throws Exception {
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", backend.port()));
                Client client = serving(
                        proxy, rule(Optional.empty(), Optional.empty(), new BodyLimits(0, true), Timeouts.DEFAULT))) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
            await().during(Duration.ofMillis(200)).until(() -> backend.connections() == 0);
            client.send("def");
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(backend.last().text()).isEqualTo("abcdef");
        }
    }

    @Test
    void swapsUnderLoadLoseNothing() throws Exception {
        try (Backend a = Backend.ok("a");
                Backend b = Backend.ok("b");
                Proxy proxy = new Proxy().with(Proxy.upstream("web", a.port()))) {
            proxy.serve(Proxy.rule(TO_WEB));
            AtomicInteger done = new AtomicInteger();
            AtomicInteger wrong = new AtomicInteger();
            List<Thread> clients = java.util.stream.IntStream.range(0, 8)
                    .mapToObj(i -> Thread.ofVirtual().start(() -> {
                        try (Client client = proxy.client()) {
                            while (done.get() == 0) {
                                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
                                if (client.read().status() != 200) {
                                    wrong.incrementAndGet();
                                }
                            }
                        } catch (Exception e) {
                            wrong.incrementAndGet();
                        }
                    }))
                    .toList();
            for (int i = 0; i < 200; i++) {
                proxy.with(Proxy.upstream("web", i % 2 == 0 ? b.port() : a.port()))
                        .serve(Proxy.rule(TO_WEB));
            }
            done.set(1);
            for (Thread client : clients) {
                client.join();
            }
            assertThat(wrong).hasValue(0);
            assertThat(b.received).isNotEmpty();
        }
    }
}
