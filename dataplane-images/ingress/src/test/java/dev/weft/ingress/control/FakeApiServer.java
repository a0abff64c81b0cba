package dev.weft.ingress.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.kube.KubeClient;
import dev.weft.kube.KubeConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * Objects by their path, as an API server keeps them: versions, conflicts, merge patches, server-side apply of whole objects,
 * and watches that stay open.
 */
final class FakeApiServer implements AutoCloseable {
    private record Event(long version, String path, String type, String object) {}

    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final TreeMap<String, ObjectNode> objects = new TreeMap<>();
    private final List<Event> events = new ArrayList<>();
    private final List<String> writes = new ArrayList<>();
    private Predicate<String> refuses = write -> false;
    private Predicate<String> hangs = write -> false;
    private final CountDownLatch closed = new CountDownLatch(1);
    private int refusal = 422;
    private long version = 100;

    FakeApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/", this::serve);
        server.start();
    }

    KubeClient client() {
        return new KubeClient(KubeConfig.anonymous(
                List.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))));
    }

    /** Method and path of what was written, leases left out. */
    synchronized List<String> writes() {
        return writes.stream().filter(write -> !write.contains("/leases")).toList();
    }

    synchronized Optional<JsonNode> object(String path) {
        return Optional.ofNullable(objects.get(path));
    }

    /** Answers writes of this kind, method and path, with this status. */
    synchronized void refuse(int status, Predicate<String> which) {
        refusal = status;
        refuses = which;
    }

    /** Never answers writes of this kind. */
    synchronized void hang(Predicate<String> which) {
        hangs = which;
    }

    private synchronized boolean hangs(String write) {
        return hangs.test(write);
    }

    synchronized void put(String path, String json) throws IOException {
        store(path, (ObjectNode) mapper.readTree(json));
    }

    private void store(String path, ObjectNode object) {
        version++;
        object.withObject("/metadata").put("resourceVersion", Long.toString(version));
        object.withObject("/metadata").put("name", path.substring(path.lastIndexOf('/') + 1));
        String type = objects.put(path, object) == null ? "ADDED" : "MODIFIED";
        events.add(new Event(version, path, type, object.toString()));
        notifyAll();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        if (exchange.getRequestMethod().equals("GET") && query.contains("watch=")) {
            watch(exchange, path, query);
            return;
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
        if (hangs(exchange.getRequestMethod() + " " + path)) {
            awaitClose();
            return;
        }
        int status;
        String answer;
        synchronized (this) {
            if (exchange.getRequestMethod().equals("GET")) {
                answer = get(path);
                status = answer.isEmpty() ? 404 : 200;
            } else {
                String write = exchange.getRequestMethod() + " " + path + (query.contains("dryRun") ? "?dryRun" : "");
                writes.add(write);
                status = refuses.test(write) ? refusal : write(exchange.getRequestMethod(), path, query, type, body);
                answer = "{\"kind\":\"Status\",\"code\":" + status + ",\"message\":\"scripted\"}";
            }
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private String get(String path) {
        ObjectNode one = objects.get(path);
        if (one != null) {
            return one.toString();
        }
        if (!path.endsWith("s")) {
            return "";
        }
        List<String> items = objects.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(path + "/"))
                .map(entry -> entry.getValue().toString())
                .toList();
        return path.contains("/leases") || !items.isEmpty()
                ? "{\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":[" + String.join(",", items) + "]}"
                : "";
    }

    @SuppressWarnings("RefactorSwitch") // its cases are too long for that
    private int write(String method, String path, String query, String type, byte[] body) throws IOException {
        JsonNode json = body.length == 0 ? mapper.createObjectNode() : mapper.readTree(body);
        if (query.contains("dryRun")) {
            return 201;
        }
        switch (method) {
            case "POST" -> {
                String name = path + "/" + json.at("/metadata/name").asText();
                if (objects.containsKey(name)) {
                    return 409;
                }
                store(name, (ObjectNode) json);
                return 201;
            }
            case "DELETE" -> {
                return objects.remove(path) == null ? 404 : 200;
            }
            default -> {
                String of = path.replaceFirst("/status$", "");
                ObjectNode before = objects.get(of);
                if (type.contains("apply-patch")) {
                    store(of, (ObjectNode) json);
                    return 200;
                }
                if (before == null) {
                    return 404;
                }
                String expected = json.at("/metadata/resourceVersion").asText();
                if (!expected.isEmpty()
                        && !expected.equals(
                                before.at("/metadata/resourceVersion").asText())) {
                    return 409;
                }
                store(of, merge(before.deepCopy(), json));
                return 200;
            }
        }
    }

    /** RFC 7396. */
    private static ObjectNode merge(ObjectNode target, JsonNode patch) {
        patch.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                target.remove(field.getKey());
            } else if (field.getValue().isObject()) {
                JsonNode before = target.get(field.getKey());
                target.set(
                        field.getKey(),
                        merge(before instanceof ObjectNode node ? node : target.objectNode(), field.getValue()));
            } else {
                target.set(field.getKey(), field.getValue());
            }
        });
        return target;
    }

    private void watch(HttpExchange exchange, String path, String query) throws IOException {
        long from = Long.parseLong(query.replaceFirst(".*resourceVersion=(\\d+).*", "$1"));
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush();
            while (true) {
                StringBuilder text = new StringBuilder();
                synchronized (this) {
                    for (Event event : events) {
                        if (event.version() > from && event.path().startsWith(path + "/")) {
                            text.append("{\"type\":\"")
                                    .append(event.type())
                                    .append("\",\"object\":")
                                    .append(event.object())
                                    .append("}\n");
                        }
                    }
                    from = version;
                    if (text.isEmpty()) {
                        wait();
                        continue;
                    }
                }
                out.write(text.toString().getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            // The test is over.
            Thread.currentThread().interrupt();
        }
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        executor.shutdownNow();
    }
}
