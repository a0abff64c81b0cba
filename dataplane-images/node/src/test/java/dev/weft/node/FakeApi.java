package dev.weft.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** As much of an API server as the agent talks to. Watches stay open and tell what changes. */
final class FakeApi implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService executor =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    private final TreeMap<String, String> nodes = new TreeMap<>();
    private final List<String> history = new ArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();
    private volatile boolean namespaceDeleting;
    private volatile boolean clusterNetworkGone;
    private volatile boolean accountGone;
    private boolean closed;

    final FakeCollection pods = new FakeCollection("Pod", "v1");
    final FakeCollection policies = new FakeCollection("NetworkPolicy", "networking.k8s.io/v1");
    final FakeCollection definitions = new FakeCollection("CustomResourceDefinition", "apiextensions.k8s.io/v1");
    final FakeCollection clusterPolicies =
            new FakeCollection("ClusterNetworkPolicy", "policy.networking.k8s.io/v1alpha2");
    private final List<String> services = new CopyOnWriteArrayList<>();
    private final List<String> slices = new CopyOnWriteArrayList<>();

    /** Listens on an address of the calling thread's namespace. */
    FakeApi(InetSocketAddress address) throws IOException {
        server = HttpServer.create(address, 0);
        server.setExecutor(executor);
        server.createContext("/api/v1/nodes", this::nodes);
        server.createContext("/api/v1/namespaces/weft-system", this::namespace);
        server.createContext("/api/v1/namespaces", this::namespaces);
        server.createContext("/api/v1/pods", pods::handle);
        server.createContext("/apis/networking.k8s.io/v1/networkpolicies", policies::handle);
        server.createContext("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definitions::handle);
        server.createContext("/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies", clusterPolicies::handle);
        server.createContext("/api/v1/services", exchange -> still(exchange, "Service", "v1", services));
        server.createContext(
                "/apis/discovery.k8s.io/v1/endpointslices",
                exchange -> still(exchange, "EndpointSlice", "discovery.k8s.io/v1", slices));
        server.createContext("/apis/weft.dev/v1alpha1/clusternetworks/default", this::clusterNetwork);
        server.createContext("/apis/events.k8s.io", this::event);
        server.start();
    }

    URI uri() {
        return URI.create("http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort());
    }

    /** Bodies of the Events that were written. */
    List<String> events() {
        return events;
    }

    synchronized void deleteNamespace() {
        namespaceDeleting = true;
        notifyAll();
    }

    /** From now on the agent's account is gone, as it is soon after its namespace began to be. */
    void deleteAccount() {
        accountGone = true;
    }

    void deleteClusterNetwork() {
        clusterNetworkGone = true;
    }

    /** A Service with one TCP port and one endpoint; before agents start. */
    void addService(String name, String clusterIp, int port, String endpoint, int targetPort) {
        services.add("""
                {"kind":"Service","apiVersion":"v1","metadata":{"name":"%s","namespace":"default","uid":"u-%s",\
                "resourceVersion":"1","creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"type":"ClusterIP",\
                "clusterIP":"%s","clusterIPs":["%s"],"ipFamilies":["IPv4"],"sessionAffinity":"None",\
                "internalTrafficPolicy":"Cluster","ports":[{"name":"p","protocol":"TCP","port":%d,"targetPort":%d}]}}""".formatted(name, name, clusterIp, clusterIp, port, targetPort));
        slices.add("""
                {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","metadata":{"name":"%s-1",\
                "namespace":"default","uid":"s-%s","resourceVersion":"1",\
                "creationTimestamp":"2026-01-01T00:00:00Z","labels":{"kubernetes.io/service-name":"%s"}},\
                "addressType":"IPv4","endpoints":[{"addresses":["%s"],"conditions":{"ready":true,"serving":true,\
                "terminating":false}}],"ports":[{"name":"p","protocol":"TCP","port":%d}]}""".formatted(name, name, name, endpoint, targetPort));
    }

    /** A collection that does not change while agents run. */
    private void still(HttpExchange exchange, String kind, String apiVersion, List<String> items) throws IOException {
        if (!String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=1")) {
            answer(
                    exchange,
                    200,
                    "{\"kind\":\"" + kind + "List\",\"apiVersion\":\"" + apiVersion
                            + "\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" + String.join(",", items)
                            + "]}");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush();
            awaitClose();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void putNode(String name, List<String> internalIps, List<String> podCidrs) {
        putNode(name, internalIps, podCidrs, "");
    }

    /** @param kubeProxy value of the label that tells how far the node is on its way from kube-proxy */
    synchronized void putNode(String name, List<String> internalIps, List<String> podCidrs, String kubeProxy) {
        String addresses = String.join(
                ",",
                internalIps.stream()
                        .map(ip -> "{\"type\":\"InternalIP\",\"address\":\"" + ip + "\"}")
                        .toList());
        String cidrs =
                String.join(",", podCidrs.stream().map(c -> "\"" + c + "\"").toList());
        String node = """
                {"kind":"Node","apiVersion":"v1","metadata":{"name":"%s","uid":"u-%s","resourceVersion":"%d",\
                "creationTimestamp":"2026-01-01T00:00:00Z","labels":{"weft.dev/kube-proxy":"%s"}},\
                "spec":{"podCIDRs":[%s]},"status":{"addresses":[%s]}}""".formatted(name, name, history.size() + 1, kubeProxy, cidrs, addresses);
        history.add(
                "{\"type\":\"" + (nodes.containsKey(name) ? "MODIFIED" : "ADDED") + "\",\"object\":" + node + "}\n");
        nodes.put(name, node);
        notifyAll();
    }

    private void nodes(HttpExchange exchange) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        if (!query.contains("watch=1")) {
            String list;
            synchronized (this) {
                list = "{\"kind\":\"NodeList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\""
                        + history.size() + "\"},\"items\":[" + String.join(",", nodes.values()) + "]}";
            }
            answer(exchange, 200, list);
            return;
        }
        int from = Integer.parseInt(query.replaceAll(".*resourceVersion=(\\d+).*", "$1"));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
                for (String event : since(from)) {
                    out.write(event.getBytes(StandardCharsets.UTF_8));
                    from++;
                }
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

    private String namespaceObject() {
        String deletion = namespaceDeleting ? ",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"" : "";
        return "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"weft-system\","
                + "\"resourceVersion\":\"" + (namespaceDeleting ? 2 : 1) + "\"" + deletion + "}}";
    }

    private void namespace(HttpExchange exchange) throws IOException {
        if (accountGone) {
            answer(exchange, 401, "{\"kind\":\"Status\",\"code\":401,\"reason\":\"Unauthorized\"}");
        } else {
            answer(exchange, 200, namespaceObject());
        }
    }

    private void namespaces(HttpExchange exchange) throws IOException {
        if (!String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=1")) {
            answer(
                    exchange,
                    200,
                    "{\"kind\":\"NamespaceList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1\"},"
                            + "\"items\":[" + namespaceObject() + "]}");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            awaitDeletion();
            String event = "{\"type\":\"MODIFIED\",\"object\":" + namespaceObject() + "}\n";
            out.write(event.getBytes(StandardCharsets.UTF_8));
            out.flush();
            awaitClose();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitDeletion() throws InterruptedException {
        while (!namespaceDeleting && !closed) {
            wait();
        }
    }

    private synchronized void awaitClose() throws InterruptedException {
        while (!closed) {
            wait();
        }
    }

    private void clusterNetwork(HttpExchange exchange) throws IOException {
        if (clusterNetworkGone) {
            answer(exchange, 404, """
                    {"kind":"Status","apiVersion":"v1","status":"Failure","code":404,"reason":"NotFound",\
                    "message":"clusternetworks.weft.dev \\"default\\" not found"}""");
        } else {
            answer(exchange, 200, "{\"kind\":\"ClusterNetwork\"}");
        }
    }

    private void event(HttpExchange exchange) throws IOException {
        events.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        answer(exchange, 201, "{}");
    }

    private static void answer(HttpExchange exchange, int code, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        pods.close();
        policies.close();
        definitions.close();
        clusterPolicies.close();
        server.stop(0);
        executor.shutdownNow();
    }
}
