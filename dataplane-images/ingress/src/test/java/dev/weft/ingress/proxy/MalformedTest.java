package dev.weft.ingress.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Bytes that are no request, or one that two readers could read differently: each is refused with the status in {@code
 * malformed.txt}, the connection ends, and no backend hears of it.
 */
@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with CR and LF
class MalformedTest {
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Case(int status, byte[] bytes, String line) {}

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (InputStream in = MalformedTest.class.getResourceAsStream("malformed.txt")) {
            if (in == null) {
                throw new IOException("malformed.txt is missing");
            }
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                if (!line.startsWith("#")) {
                    cases.add(new Case(Integer.parseInt(line.substring(0, 3)), bytes(line.substring(4)), line));
                }
            }
        }
        return cases;
    }

    private static byte[] bytes(String escaped) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c != '\\') {
                out.write(c);
                continue;
            }
            char kind = escaped.charAt(++i);
            switch (kind) {
                case 'r' -> out.write('\r');
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case 'x' -> {
                    out.write(Integer.parseInt(escaped.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> out.write(kind);
            }
        }
        return out.toByteArray();
    }

    @Test
    void eachIsRefusedAndNothingBehindItIsHeard() throws Exception {
        List<String> wrong = new ArrayList<>();
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().serve(backend)) {
            for (Case bad : cases()) {
                try (Client client = proxy.client()) {
                    client.socket().setSoTimeout(4000);
                    OutputStream out = client.socket().getOutputStream();
                    ByteArrayOutputStream all = new ByteArrayOutputStream();
                    all.write(bad.bytes());
                    // What a second reader would take for the next request.
                    all.write(HIDDEN.getBytes(StandardCharsets.US_ASCII));
                    out.write(all.toByteArray());
                    String answers =
                            new String(client.socket().getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                    int status = answers.length() < 12 ? 0 : Integer.parseInt(answers.substring(9, 12));
                    if (status != bad.status() || answers.indexOf("HTTP/1.1", 8) >= 0) {
                        wrong.add(status + " instead of " + bad.line());
                    }
                } catch (SocketException e) {
                    wrong.add("reset instead of " + bad.line());
                }
            }
            assertThat(wrong).isEmpty();
            assertThat(backend.received)
                    .as("requests that a backend got whole")
                    .noneMatch(got -> got.head().contains("/hidden"));
        }
    }

    @Test
    void slowHeadsAre408() throws Exception {
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ");
            assertThat(client.read().status()).isEqualTo(408);
            assertThat(client.ended()).isTrue();
        }
    }

    @Test
    void headsMayComeInAnyPieces() throws Exception {
        String request = "\r\nPOST /p?q HTTP/1.1\r\nHost: a.example\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;a=b\r\nabc\r\n0\r\nT: u\r\n\r\n";
        Random random = new Random(5);
        try (Backend backend = Backend.ok("x");
                Proxy proxy = new Proxy().serve(backend);
                Client client = proxy.client()) {
            client.socket().setTcpNoDelay(true);
            for (int round = 0; round < 50; round++) {
                // The empty line before a request comes in one piece, as it does from old clients.
                int at = round % 2 == 0 ? 0 : 2;
                while (at < request.length()) {
                    int to = Math.min(request.length(), at + (at == 0 ? 2 : 1) + random.nextInt(12));
                    client.send(request.substring(at, to));
                    at = to;
                    Thread.onSpinWait();
                }
                assertThat(client.read().status()).isEqualTo(200);
                assertThat(backend.last().text()).isEqualTo("abc[T: u]");
            }
        }
    }

    /** Whatever comes, the proxy answers the next client, and a backend is sent well-formed requests only. */
    @Test
    void damagedRequestsHarmNobody() throws Exception {
        Random random = new Random(20260101);
        List<Case> seeds = cases();
        String good =
                "POST /a?b=c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        List<String> odd = new ArrayList<>();
        try (Backend backend = Backend.of((request, in, out) -> {
                    String first = request.head().substring(0, request.head().indexOf('\r'));
                    if (!first.matches("[!-~]+ [!-~\\x80-\\xff]+ HTTP/1\\.1")
                            || request.head().matches("(?s).*[^\r]\n.*")) {
                        odd.add(request.head());
                    }
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx".getBytes(StandardCharsets.US_ASCII));
                    return true;
                });
                Proxy proxy = new Proxy().serve(backend)) {
            for (int round = 0; round < 1500; round++) {
                byte[] bytes = random.nextBoolean()
                        ? good.getBytes(StandardCharsets.US_ASCII)
                        : seeds.get(random.nextInt(seeds.size())).bytes().clone();
                for (int i = 1 + random.nextInt(4); i > 0 && bytes.length > 0; i--) {
                    bytes[random.nextInt(bytes.length)] = random.nextInt(3) == 0
                            ? (byte) "\r\n :;\t0,".charAt(random.nextInt(8))
                            : (byte) random.nextInt(256);
                }
                try (Client client = proxy.client()) {
                    client.socket().getOutputStream().write(bytes);
                    client.socket().shutdownOutput();
                    client.socket().getInputStream().readAllBytes();
                } catch (SocketException e) {
                    // It was cut: as good as an answer.
                }
            }
            assertThat(odd).isEmpty();
            try (Client client = proxy.client()) {
                assertThat(client.get("/").read().status()).isEqualTo(200);
            }
        }
    }
}
