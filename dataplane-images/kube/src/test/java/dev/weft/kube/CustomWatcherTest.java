package dev.weft.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A kind that comes and goes with its definition. */
class CustomWatcherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DEFINITION = "clusternetworkpolicies.policy.networking.k8s.io";

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Collection definitions = new Collection(true);
    private final Collection policies = new Collection(false);
    private HttpServer server;
    private KubeClient client;
    private CustomWatcher<ClusterNetworkPolicy> watcher;

    /** Objects with a history; watches stay open. While it is not served, the answer is 404. */
    private static final class Collection {
        private final TreeMap<String, String> objects = new TreeMap<>();
        private final List<String> history = new ArrayList<>();
        private boolean served;
        private boolean closed;

        Collection(boolean served) {
            this.served = served;
        }

        synchronized void serve(boolean now) {
            served = now;
            notifyAll();
        }

        synchronized void close() {
            closed = true;
            notifyAll();
        }

        synchronized void put(String name, String rest) {
            String object = "{\"metadata\":{\"name\":\"" + name + "\",\"resourceVersion\":\"" + (history.size() + 1)
                    + "\"}," + rest + "}";
            history.add("{\"type\":\"MODIFIED\",\"object\":" + object + "}\n");
            objects.put(name, object);
            notifyAll();
        }

        synchronized void delete(String name) {
            history.add("{\"type\":\"DELETED\",\"object\":" + objects.remove(name) + "}\n");
            notifyAll();
        }

        void handle(HttpExchange exchange) throws IOException {
            String query = exchange.getRequestURI().getQuery();
            String list = list();
            if (list.isEmpty()) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                if (!query.contains("watch=1")) {
                    out.write(list.getBytes(StandardCharsets.UTF_8));
                    return;
                }
                int from = Integer.parseInt(query.replaceAll(".*resourceVersion=(\\d+).*", "$1"));
                out.flush();
                for (List<String> events = since(from); !events.isEmpty(); events = since(from)) {
                    out.write(String.join("", events).getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    from += events.size();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private synchronized String list() {
            return served
                    ? "{\"metadata\":{\"resourceVersion\":\"" + history.size() + "\"},\"items\":["
                            + String.join(",", objects.values()) + "]}"
                    : "";
        }

        /** What follows; nothing once watches end. */
        private synchronized List<String> since(int version) throws InterruptedException {
            while (served && !closed && history.size() <= version) {
                wait();
            }
            return served && !closed ? List.copyOf(history.subList(version, history.size())) : List.of();
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definitions::handle);
        server.createContext("/apis/policy.networking.k8s.io/v1alpha2/clusternetworkpolicies", policies::handle);
        server.start();
        client = new KubeClient(KubeConfig.anonymous(
                List.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))));
        watcher = new CustomWatcher<>(client, DEFINITION, "v1alpha2", KindSpec.clusterNetworkPolicies());
    }

    @AfterEach
    void stop() {
        watcher.close();
        client.close();
        definitions.close();
        policies.close();
        server.stop(0);
        executor.shutdownNow();
    }

    private void define(String version, boolean established) {
        definitions.put(DEFINITION, """
                "spec":{"versions":[{"name":"v1alpha1","served":false},{"name":"%s","served":true,"schema":{"a":[{}]}}]},
                "status":{"conditions":[{"type":"NamesAccepted","status":"True"},{"type":"Established","status":"%s"}]}""".formatted(version, established ? "True" : "False"));
    }

    private static final String SPEC = "\"spec\":{\"tier\":\"Admin\",\"subject\":{\"namespaces\":{}}}";

    @Test
    void followsAKindThatComesAndGoes() {
        watcher.start();
        await("there is none").atMost(PATIENCE).until(watcher.store()::isSynced);
        assertThat(watcher.store().size()).isZero();
        define("v1alpha2", false);
        policies.put("a", SPEC);
        policies.serve(true);
        define("v1alpha2", true);
        await().atMost(PATIENCE).until(() -> watcher.store().size() == 1);
        policies.put("b", SPEC);
        await().atMost(PATIENCE).until(() -> watcher.store().size() == 2);
        policies.serve(false);
        definitions.delete(DEFINITION);
        await().atMost(PATIENCE).until(() -> watcher.store().size() == 0);
        assertThat(watcher.store().isSynced()).isTrue();
        policies.serve(true);
        define("v1alpha2", true);
        await("the kind is back").atMost(PATIENCE).until(() -> watcher.store().size() == 2);
    }

    @Test
    void anAnswerThatThereIsNoSuchKindIsNotBelievedWhileItIsDefined() {
        define("v1alpha2", true);
        policies.put("a", SPEC);
        policies.serve(true);
        watcher.start();
        await().atMost(PATIENCE).until(() -> watcher.store().size() == 1);
        policies.serve(false);
        await().atMost(PATIENCE).until(() -> watcher.status().failures() > 1);
        assertThat(watcher.store().size()).isEqualTo(1);
    }

    @Test
    void anotherVersionIsAnotherKind() {
        define("v2", true);
        policies.put("a", SPEC);
        policies.serve(true);
        watcher.start();
        await().atMost(PATIENCE).until(watcher.store()::isSynced);
        assertThat(watcher.store().size()).isZero();
    }

    @Test
    void isSyncedOnlyOnceTheObjectsOfAKindThatIsThereAreKnown() {
        define("v1alpha2", true);
        watcher.start();
        await().atMost(PATIENCE).until(() -> watcher.status().failures() > 0);
        assertThat(watcher.store().isSynced()).isFalse();
        policies.serve(true);
        await().atMost(PATIENCE).until(watcher.store()::isSynced);
    }
}
