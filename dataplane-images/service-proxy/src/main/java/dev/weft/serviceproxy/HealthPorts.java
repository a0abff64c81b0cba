package dev.weft.serviceproxy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.agent.Log;
import dev.weft.linux.Netns;
import dev.weft.net.Ip;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The ports that load balancers and others ask: those of the proxy itself, and one for each Service that has a
 * healthCheckNodePort. A port of a Service that is taken is tried again at every turn, and told of once.
 */
final class HealthPorts implements AutoCloseable {
    private static final Log LOG = Log.of("service-proxy");

    /** Load balancers ask all at once. */
    private static final int BACKLOG = 64;

    private static final List<InetAddress> EVERYWHERE = List.of(new InetSocketAddress(0).getAddress());

    private final Netns netns;
    private final Supplier<Boolean> proxyHealthy;
    private final Map<InetSocketAddress, Open> open = new HashMap<>();
    private final Set<InetSocketAddress> refused = new HashSet<>();
    private final List<HttpServer> proxy = new ArrayList<>();

    /** An answer, with the body's media type. */
    record Answer(int code, String type, String body) {
        static Answer json(int code, String body) {
            return new Answer(code, "application/json", body);
        }

        static Answer text(String body) {
            return new Answer(200, "text/plain; charset=utf-8", body);
        }

        /** In the text format of Prometheus. */
        static Answer metrics(String body) {
            return new Answer(200, "text/plain; version=0.0.4; charset=utf-8", body);
        }
    }

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
     * Serves pages of the proxy itself.
     *
     * @param pages by path
     * @throws IOException if the port cannot be bound
     */
    synchronized void serve(InetSocketAddress address, Map<String, Supplier<Answer>> pages) throws IOException {
        HttpServer server = bind(address);
        pages.forEach((path, page) -> server.createContext(path, exchange -> answer(exchange, page.get(), -1)));
        server.start();
        proxy.add(server);
    }

    /**
     * Opens and closes ports so that there is one for each of these.
     *
     * @param addresses to listen on; empty for all that the node has and will have
     */
    synchronized void follow(List<HealthCheck> checks, Optional<Set<Ip>> addresses) {
        Map<InetSocketAddress, HealthCheck> wanted = new HashMap<>();
        for (HealthCheck check : checks) {
            addresses
                    .map(HealthPorts::sockets)
                    .orElse(EVERYWHERE)
                    .forEach(ip -> wanted.merge(
                            new InetSocketAddress(ip, check.port()),
                            check,
                            (a, b) -> a.service().compareTo(b.service()) < 0 ? a : b));
        }
        open.entrySet().removeIf(entry -> {
            boolean gone = !wanted.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().server.stop(0);
            }
            return gone;
        });
        refused.retainAll(wanted.keySet());
        wanted.forEach((address, check) -> {
            Open present = open.get(address);
            if (present != null) {
                present.check = check;
            } else {
                open(address, check);
            }
        });
    }

    private static List<InetAddress> sockets(Set<Ip> addresses) {
        return addresses.stream().map(Ip::toInetAddress).toList();
    }

    private void open(InetSocketAddress address, HealthCheck check) {
        try {
            HttpServer server = bind(address);
            Open now = new Open(server, check);
            server.createContext("/", exchange -> {
                HealthCheck current = now.check;
                boolean healthy = proxyHealthy.get();
                int code = current.localEndpoints() > 0 && healthy ? 200 : 503;
                answer(exchange, Answer.json(code, current.json(healthy)), current.localEndpoints());
            });
            server.start();
            open.put(address, now);
            refused.remove(address);
        } catch (IOException e) {
            if (refused.add(address)) {
                LOG.warn("health check port cannot be opened", e, "service", check.service(), "address", address);
            }
        }
    }

    private HttpServer bind(InetSocketAddress address) throws IOException {
        return netns.call(() -> HttpServer.create(address, BACKLOG));
    }

    private static void answer(HttpExchange exchange, Answer answer, int weight) throws IOException {
        try (exchange) {
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
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
