package dev.weft.node;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Objects of one kind that change while agents watch them. */
final class FakeCollection {
    private final String kind;
    private final String apiVersion;
    private final Map<String, String> objects = new LinkedHashMap<>();
    private final List<String> history = new ArrayList<>();
    private boolean closed;

    FakeCollection(String kind, String apiVersion) {
        this.kind = kind;
        this.apiVersion = apiVersion;
    }

    /**
     * Makes or changes an object.
     *
     * @param metadata fields of its metadata beside the resource version, as JSON
     * @param rest its other fields, as JSON
     */
    synchronized void put(String name, String metadata, String rest) {
        String object = "{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + apiVersion + "\",\"metadata\":{" + metadata
                + ",\"resourceVersion\":\"" + (history.size() + 1) + "\"}," + rest + "}";
        history.add("{\"type\":\"" + (objects.containsKey(name) ? "MODIFIED" : "ADDED") + "\",\"object\":" + object
                + "}\n");
        objects.put(name, object);
        notifyAll();
    }

    synchronized void delete(String name) {
        history.add("{\"type\":\"DELETED\",\"object\":" + objects.remove(name) + "}\n");
        notifyAll();
    }

    void handle(HttpExchange exchange) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            if (!query.contains("watch=1")) {
                out.write(list().getBytes(StandardCharsets.UTF_8));
                return;
            }
            int from = Integer.parseInt(query.replaceAll(".*resourceVersion=(\\d+).*", "$1"));
            while (true) {
                out.flush();
                for (String event : since(from)) {
                    out.write(event.getBytes(StandardCharsets.UTF_8));
                    from++;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized String list() {
        return "{\"kind\":\"" + kind + "List\",\"apiVersion\":\"" + apiVersion
                + "\",\"metadata\":{\"resourceVersion\":\"" + history.size() + "\"},\"items\":["
                + String.join(",", objects.values()) + "]}";
    }

    private synchronized List<String> since(int version) throws InterruptedException, IOException {
        while (history.size() <= version) {
            if (closed) {
                throw new IOException("server stops");
            }
            wait();
        }
        return List.copyOf(history.subList(version, history.size()));
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
