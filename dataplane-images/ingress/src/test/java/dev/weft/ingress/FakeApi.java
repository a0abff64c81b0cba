package dev.weft.ingress;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * As much of an API server as the proxy needs: lists, and watches that tell each change, by path and field selector. Writes
 * are refused, so nobody leads.
 */
final class FakeApi implements AutoCloseable {
    static final String SERVICES = "/api/v1/services";
    static final String SLICES = "/apis/discovery.k8s.io/v1/endpointslices";
    static final String INGRESSES = "/apis/networking.k8s.io/v1/ingresses";
    static final String SECRETS = "/api/v1/namespaces/shop/secrets";

    private record Event(long version, String collection, String type, String name, String json) {}

    private final HttpServer server;
    private final TreeMap<String, String> objects = new TreeMap<>();
    private final List<Event> events = new ArrayList<>();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private long version = 1;

    FakeApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Paths with selectors that were asked for. */
    Set<String> asked() {
        return asked;
    }

    /** @param json of an object with metadata of namespace shop, without its braces: {@code "spec":{}} */
    synchronized void put(String collection, String name, String json) {
        version++;
        String object = "{\"metadata\":{\"namespace\":\"shop\",\"name\":\"%s\",\"resourceVersion\":\"%d\"%s},%s}"
                .formatted(name, version, labels(collection, name), json);
        boolean known = objects.put(collection + "/" + name, object) != null;
        events.add(new Event(version, collection, known ? "MODIFIED" : "ADDED", name, object));
        notifyAll();
    }

    private static String labels(String collection, String name) {
        return collection.equals(SLICES) ? ",\"labels\":{\"kubernetes.io/service-name\":\"" + name + "\"}" : "";
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            String name = query.contains("metadata.name=")
                    ? query.replaceFirst(".*metadata.name=([^&]*).*", "$1")
                    : "";
            asked.add(name.isEmpty() ? path : path + "/" + name);
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            if (query.contains("watch=1")) {
                watch(out, path, name, Long.parseLong(query.replaceFirst(".*resourceVersion=(\\d+).*", "$1")));
            } else {
                write(out, list(path, name));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized String list(String path, String name) {
        List<String> items = new ArrayList<>();
        for (Map.Entry<String, String> object : objects.entrySet()) {
            boolean here = object.getKey().startsWith(path + "/");
            if (here && (name.isEmpty() || object.getKey().equals(path + "/" + name))) {
                items.add(object.getValue());
            }
        }
        return "{\"metadata\":{\"resourceVersion\":\"" + version + "\"},\"items\":[" + String.join(",", items) + "]}";
    }

    private void watch(OutputStream out, String path, String name, long from) throws IOException, InterruptedException {
        long seen = from;
        while (true) {
            StringBuilder text = new StringBuilder();
            synchronized (this) {
                for (Event event : events) {
                    boolean here = event.collection().equals(path)
                            && (name.isEmpty() || event.name().equals(name));
                    if (here && event.version() > seen) {
                        text.append("{\"type\":\"%s\",\"object\":%s}\n".formatted(event.type(), event.json()));
                    }
                }
                seen = version;
                if (text.isEmpty()) {
                    wait();
                }
            }
            write(out, text.toString());
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
