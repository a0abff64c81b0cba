package dev.weft.ingress.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client of HTTP/2 can make the proxy do or keep has a bound; others are served on. */
class FloodTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final int ENHANCE_YOUR_CALM = 11;

    private Backend backend;
    private Proxy proxy;
    private RawH2 client;

    @BeforeEach
    void start() throws Exception {
        backend = Backend.ok("x");
        proxy = new Proxy().serve(backend);
        client = new RawH2(proxy.port);
    }

    @AfterEach
    void othersAreServedOn() throws Exception {
        try (Client other = proxy.client()) {
            assertThat(other.get("/").read().status()).isEqualTo(200);
        }
        client.close();
        proxy.close();
        backend.close();
    }

    /** CVE-2024-27316 and its kin: a head that never ends. */
    @Test
    void continuationsWithoutEnd() throws Exception {
        client.send(RawH2.HEADERS, RawH2.END_STREAM, 1, RawH2.get());
        boolean cut = client.isCutWhile(i -> client.send(RawH2.CONTINUATION, 0, 1, RawH2.field("x-" + i % 10, "y")));
        assertThat(client.ended()).isTrue();
        assertThat(cut).isTrue();
        assertThat(backend.received).isEmpty();
    }

    @Test
    void continuationsThatAreEmpty() throws Exception {
        client.send(RawH2.HEADERS, RawH2.END_STREAM, 1, RawH2.get());
        boolean cut = client.isCutWhile(i -> client.send(RawH2.CONTINUATION, 0, 1, new byte[0]));
        assertThat(client.ended()).isTrue();
        assertThat(cut).isTrue();
    }

    @Test
    void continuationsThatAreLarge() throws Exception {
        client.send(RawH2.HEADERS, RawH2.END_STREAM, 1, RawH2.get());
        byte[] large = RawH2.field("x-large", "y".repeat(16_000));
        boolean cut = client.isCutWhile(i -> client.send(RawH2.CONTINUATION, 0, 1, large));
        assertThat(client.ended()).isTrue();
        assertThat(cut).isTrue();
    }

    /** Few bytes that stand for many (RFC 7541, 7.3): an entry of 3 KB that is named a thousand times. */
    @Test
    void fieldsThatGrowWhenTheyAreRead() throws Exception {
        byte[][] fields = new byte[1001][];
        fields[0] = RawH2.indexed("x-bomb", "y".repeat(3000));
        for (int i = 1; i < fields.length; i++) {
            fields[i] = new byte[] {(byte) (0x80 | 62)};
        }
        client.send(RawH2.HEADERS, RawH2.END_STREAM | RawH2.END_HEADERS, 1, RawH2.get(fields));
        RawH2.Frame answer = client.await(RawH2.HEADERS, RawH2.RST_STREAM, RawH2.GOAWAY);
        assertThat(answer).isNotNull();
        assertThat(backend.received).isEmpty();
    }

    @Test
    void headsThatAreTooLarge() throws Exception {
        byte[][] fields = new byte[14][];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = RawH2.field("x-" + i, "y".repeat(1000));
        }
        client.send(RawH2.HEADERS, RawH2.END_STREAM | RawH2.END_HEADERS, 1, RawH2.get(fields));
        assertThat(client.await(RawH2.HEADERS, RawH2.RST_STREAM, RawH2.GOAWAY)).isNotNull();
        assertThat(backend.received).isEmpty();
    }

    /** CVE-2019-9518. */
    @Test
    void piecesOfABodyThatAreEmpty() throws Exception {
        client.send(RawH2.HEADERS, RawH2.END_HEADERS, 1, RawH2.get());
        boolean cut = client.isCutWhile(i -> client.send(RawH2.DATA, 0, 1, new byte[0]));
        assertThat(client.ended()).isTrue();
        assertThat(cut).isTrue();
    }

    /** CVE-2019-9515: each is to be acknowledged. */
    @Test
    void settings() throws Exception {
        boolean cut = client.isCutWhile(i -> client.send(RawH2.SETTINGS, 0, 0, new byte[0]));
        assertThat(client.ended()).isTrue();
        assertThat(cut).isTrue();
    }

    @Test
    void priorities() throws Exception {
        boolean cut = client.isCutWhile(i -> client.send(RawH2.PRIORITY, 0, 2 * i + 1, new byte[] {0, 0, 0, 0, 16}));
        assertThat(client.ended()).isTrue();
        assertThat(cut).isTrue();
    }

    /** CVE-2023-44487: each stream is opened and reset at once. */
    @Test
    void resets() throws Exception {
        boolean cut = client.isCutWhile(i -> {
            client.send(RawH2.HEADERS, RawH2.END_STREAM | RawH2.END_HEADERS, 2 * i + 1, RawH2.get());
            client.send(RawH2.RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
        });
        RawH2.Frame last = client.await(RawH2.GOAWAY);
        if (last != null) {
            assertThat(last.error()).isEqualTo(ENHANCE_YOUR_CALM);
        }
        assertThat(cut).isTrue();
        // What was asked of backends before it was noticed is bounded too.
        assertThat(backend.received.size()).isLessThan(1000);
    }

    /** CVE-2025-8671: each stream is opened, and then the proxy is made to reset it. */
    @Test
    void resetsThatTheProxyIsMadeToSend() throws Exception {
        boolean cut = client.isCutWhile(i -> {
            client.send(RawH2.HEADERS, RawH2.END_STREAM | RawH2.END_HEADERS, 2 * i + 1, RawH2.get());
            client.send(RawH2.WINDOW_UPDATE, 0, 2 * i + 1, new byte[4]);
        });
        assertThat(client.ended()).isTrue();
        assertThat(cut).isTrue();
        assertThat(backend.received.size()).isLessThan(1000);
    }

    /** More streams than are allowed are refused, also of a client that never says that it has heard of the limit. */
    @Test
    void streamsBeyondTheLimitAreRefused() throws Exception {
        try (Backend silent = Backend.of((request, in, out) -> in.read() >= 0);
                Proxy other = new Proxy().serve(silent);
                RawH2 many = new RawH2(other.port)) {
            for (int i = 0; i <= Proxy.LIMITS.streams(); i++) {
                many.send(RawH2.HEADERS, RawH2.END_STREAM | RawH2.END_HEADERS, 2 * i + 1, RawH2.get());
            }
            RawH2.Frame refused = Objects.requireNonNull(many.await(RawH2.RST_STREAM, RawH2.GOAWAY));
            assertThat(refused.type()).isEqualTo(RawH2.RST_STREAM);
            assertThat(refused.stream()).isEqualTo(2 * Proxy.LIMITS.streams() + 1);
        }
    }

    /** A connection that is none: what is no frame ends it. */
    @Test
    void framesOfNoSense() throws Exception {
        client.send(RawH2.DATA, 0, 0, "junk".getBytes(StandardCharsets.US_ASCII));
        RawH2.Frame last = client.await(RawH2.GOAWAY);
        assertThat(Objects.requireNonNull(last).error()).isEqualTo(PROTOCOL_ERROR);
        assertThat(client.ended()).isTrue();
    }
}
