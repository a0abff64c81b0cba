package dev.weft.dns;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** As much of an API server as a server of names needs: lists, and watches that tell what a test says. */
final class FakeApi implements AutoCloseable {
    static final String SERVICES = "/api/v1/services";
    static final String SLICES = "/apis/discovery.k8s.io/v1/endpointslices";
    static final String NAMESPACES = "/api/v1/namespaces";
    static final String PODS = "/api/v1/pods";

    private final HttpServer server;
    private final Map<String, List<String>> lists = new ConcurrentHashMap<>();
    private final Map<String, BlockingQueue<String>> events = new ConcurrentHashMap<>();
    private final CountDownLatch open = new CountDownLatch(1);

    FakeApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
        List.of(SERVICES, SLICES, NAMESPACES, PODS).forEach(path -> lists.put(path, List.of()));
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What lists say. */
    void has(String path, String... objects) {
        lists.put(path, List.of(objects));
    }

    /** Until then, lists wait. */
    void open() {
        open.countDown();
    }

    void tell(String path, String type, String object) {
        events(path).add("{\"type\":\"" + type + "\",\"object\":" + object + "}\n");
    }

    private BlockingQueue<String> events(String path) {
        return events.computeIfAbsent(path, key -> new LinkedBlockingQueue<>());
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            open.await();
            String path = exchange.getRequestURI().getPath();
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            if (!String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=1")) {
                write(
                        out,
                        "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":["
                                + String.join(",", lists.getOrDefault(path, List.of())) + "]}");
                return;
            }
            while (true) {
                write(out, events(path).take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
