package dev.weft.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Health, metrics and status over HTTP/1.1, read-only: {@code /healthz} and {@code /readyz} (also {@code /health} and
 * {@code /ready}; 200 or 503, a line a check),
 * {@code /metrics}, {@code /status}. Answers GET and HEAD without a body, at most {@value #MAX_THREADS} at once; a client
 * that takes longer than {@value #CLIENT_SECONDS} s to ask or to read is cut off.
 */
public final class HealthServer implements AutoCloseable {
    private static final int MAX_THREADS = 16;
    private static final int MAX_CONNECTIONS = 128;
    private static final int CLIENT_SECONDS = 5;

    static {
        // The JDK's server reads these once, when it is first used, and bounds nothing by default.
        Map.of(
                        "sun.net.httpserver.maxReqTime", Integer.toString(CLIENT_SECONDS),
                        "sun.net.httpserver.maxRspTime", Integer.toString(CLIENT_SECONDS),
                        "sun.net.httpserver.maxReqHeaders", "64",
                        "sun.net.httpserver.maxReqHeaderSize", "16384",
                        "sun.net.httpserver.idleInterval", "60",
                        "sun.net.httpserver.maxIdleConnections", "64",
                        "sun.net.httpserver.nodelay", "true",
                        "jdk.httpserver.maxConnections", Integer.toString(MAX_CONNECTIONS))
                .forEach((name, value) -> {
                    if (System.getProperty(name) == null) {
                        System.setProperty(name, value);
                    }
                });
    }

    private final HttpServer server;
    private final ThreadPoolExecutor executor;

    private record Page(int code, String type, String body) {
        static Page text(int code, String body) {
            return new Page(code, "text/plain; charset=utf-8", body + "\n");
        }
    }

    /**
     * Binds and serves at once.
     *
     * @param address where to listen; port 0 takes any, see {@link #port()}
     * @param status body of {@code /status}, JSON
     * @throws IOException if the address cannot be bound
     */
    public HealthServer(InetSocketAddress address, Health health, Metrics metrics, Supplier<String> status)
            throws IOException {
        try {
            server = HttpServer.create(address, 64);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
        // Connections that are open are bounded, so the queue is never full; threads that idle end soon.
        executor = new ThreadPoolExecutor(
                MAX_THREADS,
                MAX_THREADS,
                5,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_CONNECTIONS),
                Thread.ofPlatform().daemon().name("health-", 0).factory());
        executor.allowCoreThreadTimeOut(true);
        server.setExecutor(executor);
        // The shorter names are those that the peers of the DNS server have.
        for (String live : List.of("/healthz", "/health")) {
            page(live, () -> answer(health.liveness()));
        }
        for (String ready : List.of("/readyz", "/ready")) {
            page(ready, () -> answer(health.readiness()));
        }
        page("/metrics", () -> new Page(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text()));
        page("/status", () -> new Page(200, "application/json", status.get()));
        server.createContext("/", exchange -> serve(exchange, () -> Page.text(404, "no such page")));
        server.start();
    }

    /**
     * Adds a page for people on this machine: whoever asks from elsewhere gets 403.
     *
     * @param page makes the text from the query, which is empty when there is none; an {@link IllegalArgumentException}
     *     is answered with 400 and its message
     */
    public void local(String path, Function<String, String> page) {
        server.createContext(
                path,
                exchange -> serve(exchange, () -> {
                    if (!exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
                        return Page.text(403, "only from this machine");
                    }
                    String query = exchange.getRequestURI().getQuery();
                    try {
                        return Page.text(200, page.apply(query == null ? "" : query));
                    } catch (IllegalArgumentException e) {
                        return Page.text(400, String.valueOf(e.getMessage()));
                    }
                }));
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Stops listening and ends all connections. */
    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }

    private static Page answer(Check check) {
        return Page.text(check.ok() ? 200 : 503, check.message().isEmpty() ? "ok" : check.message());
    }

    private void page(String path, Supplier<Page> page) {
        server.createContext(
                path,
                exchange -> serve(
                        exchange,
                        () -> exchange.getRequestURI().getPath().equals(path)
                                ? page.get()
                                : Page.text(404, "no such page")));
    }

    private static void serve(HttpExchange exchange, Supplier<Page> page) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (!head && !exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, Page.text(405, "only GET and HEAD"), true, false);
            } else if (hasBody(exchange)) {
                send(exchange, Page.text(413, "a request has no body here"), true, false);
            } else {
                send(exchange, made(page), false, head);
            }
        }
    }

    private static Page made(Supplier<Page> page) {
        try {
            return page.get();
        } catch (RuntimeException e) {
            Log.of("health").error("page failed", e);
            return Page.text(500, "failed; see the log");
        }
    }

    private static boolean hasBody(HttpExchange exchange) {
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        return exchange.getRequestHeaders().containsKey("Transfer-Encoding") || (length != null && !length.equals("0"));
    }

    private static void send(HttpExchange exchange, Page page, boolean close, boolean head) throws IOException {
        byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", page.type());
        if (close) {
            exchange.getResponseHeaders().set("Connection", "close");
        }
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(page.code(), -1);
            return;
        }
        exchange.sendResponseHeaders(page.code(), body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
