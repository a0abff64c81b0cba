package dev.weft.ingress.differential;

import dev.weft.ingress.proxy.Backend;
import dev.weft.ingress.proxy.Certs;
import dev.weft.ingress.proxy.Proxy;
import dev.weft.ingress.proxy.http.RequestHead;
import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.Target;
import dev.weft.ingress.route.TlsTermination;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.testkit.FreePort;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/** The backends and certificates that both sides have. */
final class Bed implements AutoCloseable {
    /** A request as a backend got it. */
    record Seen(String backend, Backend.Received request) {}

    /** Names of Services, and the backends behind each. */
    private static final Map<String, List<String>> SERVICES = services();

    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, Certificate> certificates = new LinkedHashMap<>();
    private final List<Closeable> open = new ArrayList<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final Semaphore released = new Semaphore(0);
    private final Semaphore closed = new Semaphore(0);

    Bed() throws Exception {
        certificates.put("server", Certs.make("server", "dns:a.example", "dns:*.a.example", "dns:alias.example"));
        certificates.put("backend", Certs.make("backend", "dns:backend.example", "dns:tls.default.svc"));
        certificates.put("proxy", Certs.make("proxy"));
        certificates.put("known", Certs.make("known"));
        certificates.put("stranger", Certs.make("stranger"));
        List<Certificate> chain = Certs.chain("root", "first", "second", "far");
        certificates.put("root", chain.getFirst());
        certificates.put("far", chain.getLast());
        for (String name : List.of("web", "v2", "auth", "errors", "mirror", "pair-1", "pair-2")) {
            listen(name, Backend.of((request, in, out) -> answer(name, request, in, out)));
        }
        listen("tls", Backend.tls(certificate("backend"), (request, in, out) -> answer("tls", request, in, out)));
        relay("grpc", Optional.empty());
        relay("grpcs", Optional.of(certificate("backend")));
        ports.put("dead", FreePort.next());
        ports.put("stuck", stuck());
    }

    private static Map<String, List<String>> services() {
        Map<String, List<String>> services = new LinkedHashMap<>();
        for (String name : List.of("web", "v2", "auth", "errors", "mirror", "tls", "grpc", "grpcs", "dead", "stuck")) {
            services.put(name, List.of(name));
        }
        services.put("pair", List.of("pair-1", "pair-2"));
        services.put("half", List.of("dead", "web"));
        services.put("none", List.of());
        return services;
    }

    private void listen(String name, Backend backend) {
        ports.put(name, backend.port());
        open.add(backend::close);
    }

    /** Takes HTTP/2 alone and passes it on to {@code web}. */
    private void relay(String name, Optional<Certificate> own) {
        Proxy proxy = new Proxy(Proxy.settings(false, List.of(Cidr.host(Ip.parse("127.0.0.1")))));
        HttpRule rule = Proxy.rule(Target.to(Proxy.id("web")));
        HttpRule refusal = Proxy.rule(Target.respond(505));
        proxy.with(Proxy.upstream("web", port("web")))
                .serve(new Port.Web(List.of(new Listener(
                        name,
                        HostPattern.ANY,
                        own.map(shown -> new TlsTermination(
                                List.of(shown), TlsTermination.Version.TLS_1_2, true, Optional.empty())),
                        new Listener.Serving.Http(
                                request -> request instanceof RequestHead head && head.version() == 20 ? rule : refusal,
                                false)))));
        ports.put(name, proxy.port);
        open.add(proxy::close);
    }

    /** A port on which connections are never made: more wait already than it holds. */
    private int stuck() throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        open.add(server);
        for (int i = 0; i < 3; i++) {
            Socket socket = new Socket();
            open.add(socket);
            try {
                socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 100);
            } catch (IOException e) {
                break; // It is full.
            }
        }
        return server.getLocalPort();
    }

    /**
     * As the request's field {@code X-NAME-Answer} says: a status and fields, {@code hold} for an answer when it is released,
     * {@code silence} for none, {@code deafness} for none without reading on.
     */
    private boolean answer(String name, Backend.Received request, InputStream in, OutputStream out) throws IOException {
        seen.add(new Seen(name, request));
        String service = name.replaceAll("-\\d", "");
        String wanted = request.field("X-" + service + "-Answer");
        if (wanted.equals("silence")) {
            return in.read() >= 0;
        }
        if (wanted.equals("deafness")) {
            closed.acquireUninterruptibly();
            return false;
        }
        if (wanted.equals("hold")) {
            released.acquireUninterruptibly();
        }
        String[] parts = (wanted.isEmpty() || wanted.equals("hold") ? "200" : wanted).split("; ", 2);
        StringBuilder head = new StringBuilder("HTTP/1.1 " + parts[0] + " Status\r\nX-Backend: " + service + "\r\n");
        for (String field : parts.length > 1 ? parts[1].split(" & ") : new String[0]) {
            head.append(field).append("\r\n");
        }
        String body = parts[0].matches("204|304") ? "" : service + "\n";
        if (!body.isEmpty()) {
            head.append("Content-Type: text/plain\r\nContent-Length: ")
                    .append(body.length())
                    .append("\r\n");
        }
        head.append("\r\n").append(request.head().startsWith("HEAD ") ? "" : body);
        out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        return true;
    }

    /** Lets so many answers go that were held. */
    void release(int answers) {
        released.release(answers);
    }

    /** What the backends got since they were asked for it the last time. */
    List<Seen> take() {
        List<Seen> taken = List.copyOf(seen);
        seen.clear();
        return taken;
    }

    boolean sawBy(String backend) {
        return seen.stream().anyMatch(each -> each.backend().equals(backend));
    }

    Certificate certificate(String name) {
        Certificate found = certificates.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no certificate " + name);
        }
        return found;
    }

    private int port(String name) {
        Integer port = ports.get(name);
        if (port == null) {
            throw new IllegalArgumentException("no backend " + name);
        }
        return port;
    }

    /** A text with ports in the place of names of backends. */
    String fill(String text) {
        String filled = text;
        for (Map.Entry<String, Integer> port : ports.entrySet()) {
            filled = filled.replace("{" + port.getKey() + "}", Integer.toString(port.getValue()));
        }
        return filled;
    }

    /** nginx' names for the Services. */
    String upstreams() {
        return SERVICES.entrySet().stream()
                .filter(service -> !service.getValue().isEmpty())
                .map(service -> "upstream " + service.getKey() + " { "
                        + service.getValue().stream()
                                .map(name -> "server 127.0.0.1:" + port(name) + " max_fails=0; ")
                                .collect(Collectors.joining())
                        + "}\n")
                .collect(Collectors.joining());
    }

    /** Services, their endpoints, and Secrets. */
    String objects() {
        StringBuilder text = new StringBuilder();
        SERVICES.forEach((service, backends) -> {
            text.append("""
                    kind: Service
                    metadata: {name: %s}
                    spec: {clusterIPs: [10.96.0.1], ports: [{name: http, port: 80}]}
                    ---
                    """.formatted(service));
            for (String backend : backends) {
                text.append("""
                        kind: EndpointSlice
                        metadata: {name: %1$s-%2$s, labels: {kubernetes.io/service-name: %1$s}}
                        addressType: IPv4
                        ports: [{name: http, port: %3$d}]
                        endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
                        ---
                        """.formatted(service, backend, port(backend)));
            }
        });
        secret(text, "server", pair("server"));
        secret(text, "clients", Map.of("ca.crt", clients()));
        Map<String, String> backend = new LinkedHashMap<>(pair("proxy"));
        backend.put("ca.crt", certificate("backend").chain());
        secret(text, "backend", backend);
        return text.toString();
    }

    private Map<String, String> pair(String name) {
        return Map.of(
                "tls.crt",
                certificate(name).chain(),
                "tls.key",
                certificate(name).key());
    }

    private String clients() {
        return certificate("known").chain() + certificate("root").chain();
    }

    private static void secret(StringBuilder text, String name, Map<String, String> data) {
        text.append("kind: Secret\nmetadata: {name: ").append(name).append("}\nstringData:\n");
        data.forEach(
                (key, value) -> text.append("  ").append(key).append(": |\n").append(value.indent(4)));
        text.append("---\n");
    }

    /** What the Secrets hold, as nginx' configuration names it. */
    Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.putAll(NginxServer.files("server", certificate("server")));
        files.putAll(NginxServer.files("proxy", certificate("proxy")));
        files.put("backend-ca.pem", certificate("backend").chain());
        files.put("clients-ca.pem", clients());
        return files;
    }

    @Override
    public void close() throws IOException {
        closed.release(Integer.MAX_VALUE);
        for (Closeable each : open) {
            each.close();
        }
    }
}
