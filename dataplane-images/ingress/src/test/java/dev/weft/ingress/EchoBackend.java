package dev.weft.ingress;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Executors;

/** A backend that says who it is and what it was asked: a line for the request, and one for each field. */
final class EchoBackend implements AutoCloseable {
    private final HttpServer server;

    EchoBackend(String name) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                StringBuilder text = new StringBuilder(
                        name + " " + exchange.getRequestMethod() + " " + exchange.getRequestURI() + "\n");
                new TreeMap<>(exchange.getRequestHeaders())
                        .forEach((field, values) -> text.append(field.toLowerCase(Locale.ROOT))
                                .append(": ")
                                .append(String.join(",", values))
                                .append('\n'));
                exchange.getRequestBody().readAllBytes();
                byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, exchange.getRequestMethod().equals("HEAD") ? -1 : body.length);
                if (!exchange.getRequestMethod().equals("HEAD")) {
                    exchange.getResponseBody().write(body);
                }
            }
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** A Service of this name, and its EndpointSlice, which leads here. */
    String objects(String service) {
        return """
                kind: Service
                metadata: {name: %1$s}
                spec: {clusterIPs: [10.96.0.1], ports: [{name: http, port: 80}]}
                ---
                kind: EndpointSlice
                metadata: {name: %1$s-1, labels: {kubernetes.io/service-name: %1$s}}
                addressType: IPv4
                ports: [{name: http, port: %2$d}]
                endpoints: [{addresses: [127.0.0.1], conditions: {ready: true}}]
                ---
                """.formatted(service, port());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
