package dev.weft.ingress.differential;

import dev.weft.ingress.proxy.Certs;
import dev.weft.ingress.proxy.Client;
import dev.weft.ingress.route.Certificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks, as the README of the cases describes it.
 *
 * @param times how often, one behind the other on one connection without waiting for answers
 * @param held whether the backend answers only when all else was asked
 * @param secure whether over TLS
 * @param as the certificate that is shown; empty for none
 * @param head lines, the first one without the version
 */
record Request(int times, boolean held, boolean secure, String as, List<String> head, String body) {
    private static final Pattern FIRST = Pattern.compile(
            "(?:(?<times>\\d+) times )?(?<held>held )?(?<secure>https )?(?:as (?<as>\\w+) )?" + "(?<line>[A-Z]+ \\S+)");
    private static final Pattern BYTES = Pattern.compile("\\{(\\d+) bytes}");

    Request {
        head = List.copyOf(head);
    }

    /** @throws IllegalArgumentException if it is not written as it should be */
    static Request of(String text) {
        String[] parts = text.split("\n\n", 2);
        List<String> lines = parts[0].lines().toList();
        Matcher first = FIRST.matcher(lines.getFirst());
        if (!first.matches()) {
            throw new IllegalArgumentException("no request: " + lines.getFirst());
        }
        List<String> head = new ArrayList<>(lines);
        head.set(0, first.group("line"));
        String times = first.group("times");
        String as = first.group("as");
        return new Request(
                times == null ? 1 : Integer.parseInt(times),
                first.group("held") != null,
                first.group("secure") != null,
                as == null ? "" : as,
                head,
                parts.length > 1 ? body(parts[1].stripTrailing()) : "");
    }

    private static String body(String text) {
        return BYTES.matcher(text).replaceAll(size -> "x".repeat(Integer.parseInt(size.group(1))));
    }

    private boolean has(String field) {
        return head.stream().anyMatch(line -> line.regionMatches(true, 0, field + ":", 0, field.length() + 1));
    }

    private String host() {
        return head.stream()
                .filter(line -> line.regionMatches(true, 0, "Host: ", 0, 6))
                .map(line -> line.substring(6))
                .findFirst()
                .orElse("a.example");
    }

    private boolean isHead() {
        return head.getFirst().startsWith("HEAD ");
    }

    /**
     * Connects and sends.
     *
     * @param own the certificate that is shown
     * @param cookie in the place of {@code {cookie}}
     */
    Client send(int http, int https, @Nullable Certificate own, String cookie) throws Exception {
        Client client = new Client(secure ? secured(https, own) : new Socket(InetAddress.getLoopbackAddress(), http));
        byte[] text = text(cookie).repeat(times).getBytes(StandardCharsets.ISO_8859_1);
        // What does not fit into the buffers on the way is sent while the answer is waited for.
        Thread.ofVirtual().start(() -> {
            try {
                client.socket().getOutputStream().write(text);
            } catch (IOException e) {
                // The answer came before all was sent, and nobody reads the rest.
            }
        });
        return client;
    }

    private String text(String cookie) {
        StringBuilder text = new StringBuilder(head.getFirst()).append(" HTTP/1.1\r\n");
        if (!has("host")) {
            text.append("Host: a.example\r\n");
        }
        head.stream().skip(1).forEach(line -> text.append(line).append("\r\n"));
        boolean chunked = has("transfer-encoding");
        if (!body.isEmpty() && !chunked && !has("content-length")) {
            text.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        text.append("\r\n");
        if (chunked) {
            text.append(Integer.toHexString(body.length()))
                    .append("\r\n")
                    .append(body)
                    .append("\r\n0\r\n\r\n");
        } else {
            text.append(body);
        }
        return text.toString().replace("{cookie}", cookie);
    }

    private Socket secured(int port, @Nullable Certificate own) throws Exception {
        SSLSocket socket =
                (SSLSocket) Certs.context(own).getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host())));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** As many as there were requests. An answer that did not come has status 0. */
    List<Client.Answer> read(Client client) {
        List<Client.Answer> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            try {
                answers.add(client.read(isHead()));
            } catch (IOException e) {
                answers.add(new Client.Answer("", ""));
            }
        }
        return answers;
    }

    @Override
    public String toString() {
        return (times > 1 ? times + " times " : "")
                + (held ? "held " : "")
                + (secure ? "https " : "")
                + (as.isEmpty() ? "" : "as " + as + " ")
                + String.join(" | ", head);
    }
}
