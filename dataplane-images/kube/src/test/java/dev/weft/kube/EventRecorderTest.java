package dev.weft.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.agent.Backoff;
import dev.weft.kube.EventAggregator.Write;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventRecorderTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00.000001Z");

    private final ManualTime time = new ManualTime();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private KubeClient client;
    private EventRecorder recorder;
    private volatile int patchAnswer = 200;
    private volatile int createAnswer = 201;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/apis/events.k8s.io/v1/namespaces/default/events", this::serve);
        server.start();
        client = new KubeClient(KubeConfig.anonymous(
                List.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))));
        Backoff quick = new Backoff(Duration.ofNanos(1), Duration.ofNanos(1));
        recorder = new EventRecorder(client, "weft.dev/node", "weft-node-x", time, quick, new Random(1));
    }

    @AfterEach
    void stop() {
        recorder.close();
        client.close();
        server.stop(0);
    }

    @Test
    void writesANewEvent() {
        assertThat(EventJson.create(note("route was missing"), "a.1", T0, 1, T0, "weft.dev/node", "pod"))
                .isEqualTo(
                        "{\"apiVersion\":\"events.k8s.io/v1\",\"kind\":\"Event\","
                                + "\"metadata\":{\"name\":\"a.1\",\"namespace\":\"default\"},"
                                + "\"eventTime\":\"2026-01-01T00:00:00.000001Z\","
                                + "\"reportingController\":\"weft.dev/node\",\"reportingInstance\":\"pod\","
                                + "\"type\":\"Warning\",\"reason\":\"RouteRepaired\",\"action\":\"Repair\","
                                + "\"note\":\"route was missing\","
                                + "\"regarding\":{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":\"node-a\",\"uid\":\"node-a\"}}");
        assertThat(EventJson.repeat(3, T0))
                .isEqualTo("{\"series\":{\"count\":3,\"lastObservedTime\":\"2026-01-01T00:00:00.000001Z\"}}");
    }

    @Test
    void repetitionsMakeASeries() {
        recorder.record(note("a"));
        await().until(() -> recorder.written() == 1);
        recorder.record(note("a"));
        time.pass(Duration.ofSeconds(61));
        recorder.record(note("a"));
        await().until(() -> recorder.written() == 2);
        assertThat(asked).hasSize(2);
        assertThat(asked.get(0)).startsWith("POST /apis/events.k8s.io/v1/namespaces/default/events {");
        assertThat(asked.get(1))
                .startsWith("PATCH /apis/events.k8s.io/v1/namespaces/default/events/node-a.")
                .contains("\"series\":{\"count\":3");

        time.pass(Duration.ofMinutes(11));
        recorder.record(note("a"));
        await().until(() -> recorder.written() == 3);
        assertThat(asked.get(2)).doesNotContain("series");
    }

    @Test
    void aSeriesWhoseEventExpiredIsWrittenAnew() {
        patchAnswer = 404;
        recorder.record(note("a"));
        await().until(() -> recorder.written() == 1);
        time.pass(Duration.ofSeconds(61));
        recorder.record(note("a"));
        await().until(() -> recorder.written() == 2);
        assertThat(asked).hasSize(3);
        assertThat(asked.get(2)).contains("\"kind\":\"Event\"").contains("\"count\":2");
    }

    @Test
    void dropsAfterAFewAttempts() {
        createAnswer = 500;
        recorder.record(note("a"));
        await().until(() -> recorder.dropped() == 1);
        assertThat(asked).hasSize(4);
        createAnswer = 403;
        recorder.record(note("b"));
        await().until(() -> recorder.dropped() == 2);
        assertThat(asked).hasSize(5);
        createAnswer = 409;
        recorder.record(note("c"));
        await().until(() -> recorder.written() == 1);
    }

    @Test
    void neverBlocksWhileTheServerIsAway() {
        server.stop(0);
        for (int i = 0; i < 10_000; i++) {
            recorder.record(note("n" + i));
        }
        await().until(() -> recorder.dropped() > 9_000);
        assertThat(recorder.written()).isZero();
    }

    @Test
    void differentThingsAreLimitedTogether() {
        EventAggregator aggregator = new EventAggregator();
        int written = 0;
        for (int i = 0; i < 100; i++) {
            written += aggregator.decide(note("n" + i), T0).isPresent() ? 1 : 0;
        }
        assertThat(written).isEqualTo(EventAggregator.BURST);
        assertThat(aggregator.decide(note("x"), T0.plusSeconds(29))).isEmpty();
        assertThat(aggregator.decide(note("x"), T0.plusSeconds(31))).isPresent();
    }

    @Test
    void aForgottenEventIsNewAgain() {
        EventAggregator aggregator = new EventAggregator();
        Optional<Write> first = aggregator.decide(note("a"), T0);
        aggregator.forget(note("a"));
        Optional<Write> second = aggregator.decide(note("a"), T0.plusMillis(1));
        assertThat(first.orElseThrow()).isInstanceOf(Write.Create.class);
        assertThat(second.orElseThrow()).isInstanceOf(Write.Create.class);
        assertThat(second.orElseThrow().name()).isNotEqualTo(first.orElseThrow().name());
    }

    /** Whatever happens when: few writes, rising counts, names the API takes. */
    @Test
    void anyHistoryWritesWithinItsBounds() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            EventAggregator aggregator = new EventAggregator();
            Instant at = T0;
            int written = 0;
            for (int i = 0; i < 500; i++) {
                at = at.plusMillis(random.nextInt(20_000) - 1000);
                Optional<Write> write = aggregator.decide(note("n" + random.nextInt(6)), at);
                written += write.isPresent() ? 1 : 0;
                write.ifPresent(w -> {
                    assertThat(w.name()).matches("node-a\\.[0-9a-f]+");
                    if (w instanceof Write.Repeat repeat) {
                        assertThat(repeat.count()).isGreaterThanOrEqualTo(2);
                    }
                });
            }
            // Going back in time gains nothing; going on gains one each 30 s.
            long bound = EventAggregator.BURST + 500L * 20_000 / 30_000 + 1;
            assertThat(written).isLessThanOrEqualTo((int) bound);
        }
    }

    @Test
    void notesFitTheApi() {
        EventNote cut = note("ü".repeat(5000));
        assertThat(cut.note().getBytes(StandardCharsets.UTF_8).length).isBetween(1000, 1024);
        assertThat(note("😀".repeat(400)).note().getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(1024);
        assertThatThrownBy(() -> new EventNote(true, ObjectReference.node("a"), "two words", "Repair", ""))
                .hasMessageContaining("not one word");
    }

    private void serve(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
        boolean patch = exchange.getRequestMethod().equals("PATCH");
        exchange.sendResponseHeaders(patch ? patchAnswer : createAnswer, -1);
        exchange.close();
    }

    private static EventNote note(String text) {
        return new EventNote(true, ObjectReference.node("node-a"), "RouteRepaired", "Repair", text);
    }
}
