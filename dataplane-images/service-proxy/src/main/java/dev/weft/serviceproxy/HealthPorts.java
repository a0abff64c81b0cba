package dev.weft.serviceproxy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.agent.Log;
import dev.weft.linux.Netns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The ports that load balancers ask: {@code /healthz} and {@code /livez} of the proxy, and one port for each Service that
 * has a healthCheckNodePort. A port that is taken is tried again with every change.
 */
final class HealthPorts implements AutoCloseable {
    static final int PROXY_PORT = 10256;

    private static final Log LOG = Log.of("service-proxy");

    private final Netns netns;
    private final Supplier<Boolean> proxyHealthy;
    private final Map<Integer, Open> open = new HashMap<>();
    private final List<HttpServer> proxy = new ArrayList<>();

    /** An answer of the proxy's own pages. */
    record Answer(int code, String json) {}

    private static final class Open {
        final HttpServer server;
        volatile HealthCheck check;

        Open(HttpServer server, HealthCheck check) {
            this.server = server;
            this.check = check;
        }
    }

    HealthPorts(Netns netns, Supplier<Boolean> proxyHealthy) {
        this.netns = netns;
        this.proxyHealthy = proxyHealthy;
    }

    /**
     * Serves the proxy's own pages.
     *
     * @throws IOException if the port cannot be bound
     */
    synchronized void serve(int port, Supplier<Answer> healthz, Supplier<Answer> livez) throws IOException {
        HttpServer server = bind(port);
        server.createContext("/healthz", exchange -> answer(exchange, healthz.get(), -1));
        server.createContext("/livez", exchange -> answer(exchange, livez.get(), -1));
        server.start();
        proxy.add(server);
    }

    /** Opens and closes ports so that there is one for each of these. */
    synchronized void follow(List<HealthCheck> checks) {
        Map<Integer, HealthCheck> wanted = new HashMap<>();
        checks.forEach(check ->
                wanted.merge(check.port(), check, (a, b) -> a.service().compareTo(b.service()) < 0 ? a : b));
        open.entrySet().removeIf(entry -> {
            boolean gone = !wanted.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().server.stop(0);
            }
            return gone;
        });
        wanted.forEach((port, check) -> {
            Open present = open.get(port);
            if (present != null) {
                present.check = check;
            } else {
                open(check);
            }
        });
    }

    private void open(HealthCheck check) {
        try {
            HttpServer server = bind(check.port());
            Open now = new Open(server, check);
            server.createContext("/", exchange -> {
                HealthCheck current = now.check;
                boolean healthy = proxyHealthy.get();
                int code = current.localEndpoints() > 0 && healthy ? 200 : 503;
                answer(exchange, new Answer(code, current.json(healthy)), current.localEndpoints());
            });
            server.start();
            open.put(check.port(), now);
        } catch (IOException e) {
            LOG.warn("health check port cannot be opened", e, "service", check.service(), "port", check.port());
        }
    }

    private HttpServer bind(int port) throws IOException {
        return netns.call(() -> HttpServer.create(new InetSocketAddress(port), 16));
    }

    private static void answer(HttpExchange exchange, Answer answer, int weight) throws IOException {
        try (exchange) {
            byte[] body = answer.json().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            if (weight >= 0) {
                exchange.getResponseHeaders().set("X-Load-Balancing-Endpoint-Weight", Integer.toString(weight));
            }
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.code(), head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public synchronized void close() {
        open.values().forEach(port -> port.server.stop(0));
        open.clear();
        proxy.forEach(server -> server.stop(0));
        proxy.clear();
    }
}
