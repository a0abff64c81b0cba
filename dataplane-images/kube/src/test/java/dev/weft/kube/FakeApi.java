package dev.weft.kube;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * An API server with Nodes, their history, and faults. A watch tells what has happened since its resource version, then
 * ends as the real one does at its time-out, so that tests need not wait.
 */
final class FakeApi implements AutoCloseable {
    /** What to do with a request instead of answering it well. */
    enum Fault {
        NONE,
        CUT,
        CUT_EARLY,
        TRUNCATE,
        GARBAGE,
        SERVER_ERROR,
        TOO_MANY,
        GONE,
        GONE_EVENT,
        TOO_LARGE,
        UNAUTHORIZED,
        NO_BOOKMARK
    }

    private record Event(long version, String type, String object) {}

    private final HttpServer server;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final TreeMap<String, String> nodes = new TreeMap<>();
    private final List<Event> history = new ArrayList<>();
    private final List<URI> requests = new CopyOnWriteArrayList<>();
    private long version = 100;
    private long forgotten = 100;
    private boolean hold;
    private int pageSize = Integer.MAX_VALUE;
    private Function<URI, Fault> faults = uri -> Fault.NONE;

    FakeApi() throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** Serves on a server of the test's own, which is not started yet. */
    FakeApi(HttpServer server) {
        this.server = server;
        server.setExecutor(executor);
        server.createContext("/api/v1/nodes", this::serve);
        server.start();
    }

    URI uri() {
        return URI.create((server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:"
                + server.getAddress().getPort());
    }

    List<URI> requests() {
        return requests;
    }

    synchronized void faults(Function<URI, Fault> given) {
        faults = given;
    }

    /** From now on watches stay open and tell what happens, as the real ones do. */
    synchronized void hold() {
        hold = true;
    }

    synchronized void pageSize(int size) {
        pageSize = size;
    }

    synchronized void put(String name, String podCidr, boolean ready) {
        version++;
        String json = node(name, podCidr, ready, version);
        String type = nodes.put(name, json) == null ? "ADDED" : "MODIFIED";
        history.add(new Event(version, type, json));
        notifyAll();
    }

    synchronized void delete(String name) {
        String json = nodes.remove(name);
        if (json != null) {
            version++;
            // A deleted object comes with the version of its deletion.
            history.add(new Event(version, "DELETED", json.replaceFirst("\"resourceVersion\":\"\\d+\"", rv(version))));
        }
    }

    /** Forgets the history, as compaction does. */
    synchronized void compact() {
        forgotten = version;
        history.clear();
    }

    /** Goes back in time, as a restored backup does. */
    synchronized void restore(long to) {
        version = to;
        forgotten = to;
        history.clear();
        nodes.clear();
    }

    synchronized Map<String, Node> state() throws KubeException {
        Map<String, Node> state = new HashMap<>();
        for (Map.Entry<String, String> entry : nodes.entrySet()) {
            state.put(entry.getKey(), Decoding.node(entry.getValue()));
        }
        return state;
    }

    static String node(String name, String podCidr, boolean ready, long version) {
        return """
                {"kind":"Node","apiVersion":"v1","metadata":{"name":"%s","uid":"u-%s",%s,"labels":{"a/b":"c"},\
                "managedFields":[{"manager":"x","fieldsV1":{"f:a":{"f:b":{}}}}]},\
                "spec":{"podCIDR":"%s","podCIDRs":["%s"]},\
                "status":{"addresses":[{"type":"Hostname","address":"%s"},{"type":"InternalIP","address":"192.0.2.1"}],\
                "conditions":[{"type":"Ready","status":"%s","lastHeartbeatTime":"%d"}],"images":[{"names":["x"],"sizeBytes":1}]}}""".formatted(name, name, rv(version), podCidr, podCidr, name, ready ? "True" : "False", version);
    }

    private static String rv(long version) {
        return "\"resourceVersion\":\"" + version + "\"";
    }

    private void serve(HttpExchange exchange) throws IOException {
        requests.add(exchange.getRequestURI());
        Map<String, String> query = query(exchange.getRequestURI());
        Fault fault;
        byte[] body;
        synchronized (this) {
            fault = faults.apply(exchange.getRequestURI());
            if (fault == Fault.NONE && isAhead(query)) {
                fault = Fault.TOO_LARGE;
            }
            body = (query.containsKey("watch") ? watch(query, fault) : list(query)).getBytes(StandardCharsets.UTF_8);
        }
        if (fault == Fault.NONE && isHeld() && query.containsKey("watch")) {
            follow(exchange, query);
            return;
        }
        switch (fault) {
            case NONE, NO_BOOKMARK, GONE_EVENT -> answer(exchange, 200, body, body.length, true);
            case CUT_EARLY -> exchange.close();
            case CUT -> answer(exchange, 200, body, body.length / 2, false);
            case TRUNCATE -> answer(exchange, 200, body, body.length / 2, true);
            case GARBAGE -> {
                for (int i = 0; i < body.length; i += 7) {
                    body[i] = (byte) (body[i] * 31 + i);
                }
                answer(exchange, 200, body, body.length, true);
            }
            case SERVER_ERROR -> status(exchange, 500, "InternalError", "scripted");
            case TOO_LARGE -> status(exchange, 504, "Timeout", "Timeout: Too large resource version: 9, current: 8");
            case TOO_MANY -> status(exchange, 429, "TooManyRequests", "scripted");
            case GONE -> status(exchange, 410, "Expired", "scripted");
            case UNAUTHORIZED -> status(exchange, 401, "Unauthorized", "scripted");
        }
    }

    private void follow(HttpExchange exchange, Map<String, String> query) throws IOException {
        Map<String, String> from = new HashMap<>(query);
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            // The headers, before anything happens.
            out.flush();
            while (true) {
                byte[] events;
                synchronized (this) {
                    events = watch(from, Fault.NO_BOOKMARK).getBytes(StandardCharsets.UTF_8);
                    from.put("resourceVersion", Long.toString(version));
                    if (events.length == 0) {
                        wait();
                        continue;
                    }
                }
                out.write(events);
                out.flush();
            }
        } catch (InterruptedException e) {
            // The test is over.
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isHeld() {
        return hold;
    }

    private boolean isAhead(Map<String, String> query) {
        return !query.containsKey("watch") && Long.parseLong(query.getOrDefault("resourceVersion", "0")) > version;
    }

    private String list(Map<String, String> query) {
        // The token is the last name of the page before, and the version the first page was of.
        String after = query.getOrDefault("continue", "");
        List<String> page = List.copyOf(nodes.tailMap(after, false).values());
        String next = "";
        if (page.size() > pageSize) {
            page = page.subList(0, pageSize);
            next = List.copyOf(nodes.tailMap(after, false).keySet()).get(pageSize - 1);
        }
        return "{\"kind\":\"NodeList\",\"apiVersion\":\"v1\",\"metadata\":{" + rv(version)
                + (next.isEmpty() ? "" : ",\"continue\":\"" + next + "\"") + "},\"items\":["
                + String.join(",", page) + "]}\n";
    }

    private String watch(Map<String, String> query, Fault fault) {
        long from = Long.parseLong(query.get("resourceVersion"));
        if (from < forgotten || fault == Fault.GONE_EVENT) {
            return "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}}\n";
        }
        StringBuilder events = new StringBuilder();
        for (Event event : history) {
            if (event.version() > from) {
                events.append(event("", event.type(), event.object()));
            }
        }
        if (fault != Fault.NO_BOOKMARK) {
            events.append(event("", "BOOKMARK", "{\"kind\":\"Node\",\"metadata\":{" + rv(version) + "}}"));
        }
        return events.toString();
    }

    private static String event(String prefix, String type, String object) {
        return prefix + "{\"type\":\"" + type + "\",\"object\":" + object + "}\n";
    }

    private static void answer(HttpExchange exchange, int code, byte[] body, int length, boolean ending)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (!ending) {
            exchange.sendResponseHeaders(code, body.length + 1L);
            OutputStream out = exchange.getResponseBody();
            out.write(body, 0, length);
            out.flush();
            throw new IOException("the connection is cut here");
        }
        exchange.sendResponseHeaders(code, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body, 0, length);
        }
    }

    private static void status(HttpExchange exchange, int code, String reason, String message) throws IOException {
        byte[] body = ("{\"kind\":\"Status\",\"code\":" + code + ",\"reason\":\"" + reason + "\",\"message\":\""
                        + message + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        answer(exchange, code, body, body.length, true);
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        for (String part : String.valueOf(uri.getRawQuery()).split("&")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                query.put(
                        part.substring(0, equals),
                        URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
