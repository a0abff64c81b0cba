package dev.weft.ingress.differential;

import dev.weft.ingress.proxy.Backend;
import dev.weft.ingress.proxy.Client;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;

/** One of the two that are compared: asks it what a case says, and puts down what comes of it as lines. */
final class Side {
    /** What nginx and Weft answer themselves, each in words of its own. */
    private static final Pattern OWN_WORDS =
            Pattern.compile("<html>.*</html>\\s*|\\d{3} [A-Za-z ]+\\n", Pattern.DOTALL);

    private static final int LONG_BODY = 200;

    private record Held(Request request, Client client, List<String> lines) {}

    private final Case asked;
    private final Bed bed;
    private final int http;
    private final int https;
    private final List<Pattern> ignored;
    private final Map<String, String> endpoints = new HashMap<>();
    private String cookie = "";

    /** @param ignored lines that are left out */
    Side(Case asked, Bed bed, int http, int https, List<Pattern> ignored) {
        this.asked = asked;
        this.bed = bed;
        this.http = http;
        this.https = https;
        this.ignored = ignored;
    }

    /** For each request its lines: of the answer, then of what the backends got. */
    List<List<String>> ask() throws Exception {
        bed.take();
        List<List<String>> all = new ArrayList<>();
        List<Held> waiting = new ArrayList<>();
        for (Request request : asked.requests()) {
            List<String> lines = new ArrayList<>();
            all.add(lines);
            try {
                Client client = request.send(
                        http, https, request.as().isEmpty() ? null : bed.certificate(request.as()), cookie);
                Held held = new Held(request, client, lines);
                if (request.held()) {
                    Awaitility.await().until(() -> bed.sawBy("web"));
                    lines.addAll(got());
                    waiting.add(held);
                } else {
                    end(held);
                }
            } catch (IOException e) {
                lines.add("no connection");
            }
        }
        bed.release(waiting.size());
        for (Held held : waiting) {
            end(held);
        }
        return all;
    }

    private void end(Held held) throws IOException {
        try (Client client = held.client()) {
            if (held.request().secure()) {
                SSLSession session = ((SSLSocket) client.socket()).getSession();
                held.lines().add("certificate " + subject(session));
            }
            for (Client.Answer answer : held.request().read(client)) {
                held.lines().addAll(answered(answer));
            }
        }
        if (!asked.awaits().isEmpty()) {
            Awaitility.await().until(() -> bed.sawBy(asked.awaits()));
        }
        held.lines().addAll(got());
    }

    private List<String> answered(Client.Answer answer) {
        if (answer.head().isEmpty()) {
            return List.of("no answer");
        }
        boolean own = OWN_WORDS.matcher(answer.body()).matches();
        List<String> lines = new ArrayList<>();
        for (String field : fields(answer.head())) {
            if (!own || !field.startsWith("content-type: ")) {
                lines.add("answer " + sameForm(field));
            }
        }
        lines.sort(null);
        lines.addFirst("status " + answer.status());
        if (own) {
            lines.add("body in words of its own");
        } else if (!answer.body().isEmpty()) {
            lines.add("body " + answer.body().strip());
        }
        return kept(lines);
    }

    private String sameForm(String field) {
        if (field.startsWith("access-control-")) {
            return field.replaceAll(", *", ", ");
        }
        return field.startsWith("set-cookie: ") ? cookie(field) : field;
    }

    /** With attributes in one order, and without a value that is each side's own. */
    private String cookie(String field) {
        String[] parts = field.substring("set-cookie: ".length()).split("; ");
        String first = parts[0];
        if (!asked.cookie().isEmpty() && first.startsWith(asked.cookie() + "=")) {
            cookie = first.substring(asked.cookie().length() + 1);
            first = asked.cookie() + "=(its own)";
        }
        return "set-cookie: " + first
                + Arrays.stream(parts).skip(1).sorted().map(part -> "; " + part).collect(Collectors.joining());
    }

    private List<String> got() {
        List<String> all = new ArrayList<>();
        for (Bed.Seen seen : bed.take()) {
            String begin = nameOf(seen.backend()) + " got ";
            Backend.Received request = seen.request();
            List<String> lines = new ArrayList<>();
            fields(request.head()).forEach(field -> lines.add(begin + withoutCookie(field)));
            lines.sort(null);
            lines.addFirst(begin + request.head().substring(0, request.head().indexOf(" HTTP/")));
            if (request.tls() != null) {
                lines.add(begin + "certificate " + subject(request.tls()));
                lines.add(begin + "server name " + ((ExtendedSSLSession) request.tls()).getRequestedServerNames());
            }
            if (request.body().length > 0) {
                String body = request.text();
                lines.add(begin + "body " + (body.length() > LONG_BODY ? body.length() + " bytes" : body));
            }
            all.addAll(kept(lines));
        }
        return all;
    }

    private String withoutCookie(String field) {
        return cookie.isEmpty() ? field : field.replace(cookie, "(its own)");
    }

    /** Endpoints of one Service are numbered in the order in which they are asked. */
    private String nameOf(String backend) {
        Matcher endpoint = Pattern.compile("(.*)-\\d").matcher(backend);
        return endpoint.matches()
                ? endpoints.computeIfAbsent(backend, key -> endpoint.group(1) + " " + (endpoints.size() + 1))
                : backend;
    }

    private static List<String> fields(String head) {
        return head.lines()
                .skip(1)
                .filter(line -> !line.isEmpty())
                .map(line -> {
                    int colon = line.indexOf(':');
                    return line.substring(0, colon).toLowerCase(Locale.ROOT) + ": "
                            + line.substring(colon + 1).strip();
                })
                .toList();
    }

    private static String subject(SSLSession session) {
        try {
            return ((X509Certificate) session.getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        } catch (SSLPeerUnverifiedException e) {
            return "none";
        }
    }

    private List<String> kept(List<String> lines) {
        return lines.stream()
                .filter(line -> ignored.stream()
                        .noneMatch(pattern -> pattern.matcher(line).matches()))
                .toList();
    }
}
