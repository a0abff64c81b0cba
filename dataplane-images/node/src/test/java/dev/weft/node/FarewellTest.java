package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.weft.kube.KubeClient;
import dev.weft.kube.KubeConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FarewellTest {
    private static final String NAMESPACE = "/api/v1/namespaces/weft-system";
    private static final String CLUSTER_NETWORK = "/apis/weft.dev/v1alpha1/clusternetworks/default";
    private static final Answer LIVING =
            new Answer(200, "{\"kind\":\"Namespace\",\"metadata\":{\"name\":\"weft-system\"}}");
    private static final Answer PRESENT = new Answer(200, "{\"kind\":\"ClusterNetwork\"}");

    private record Answer(int code, String body) {}

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Optional<String> reason(Answer namespace, Answer clusterNetwork) {
        Map.of(NAMESPACE, namespace, CLUSTER_NETWORK, clusterNetwork)
                .forEach((path, answer) -> server.createContext(path, exchange -> {
                    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(answer.code(), body.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(body);
                    }
                }));
        return ask();
    }

    private Optional<String> ask() {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (KubeClient client = new KubeClient(KubeConfig.anonymous(List.of(uri)))) {
            return Farewell.reasonToClean(client, "weft-system");
        }
    }

    private static Answer status(int code, String reason, String message) {
        return new Answer(
                code,
                "{\"kind\":\"Status\",\"code\":" + code + ",\"reason\":\"" + reason + "\",\"message\":\"" + message
                        + "\"}");
    }

    @Test
    void anOrdinaryStopLeavesEverything() {
        assertThat(reason(LIVING, PRESENT)).isEmpty();
    }

    @Test
    void aNamespaceThatGoesIsAReason() {
        Answer going = new Answer(
                200, "{\"kind\":\"Namespace\",\"metadata\":{\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"}}");
        assertThat(reason(going, PRESENT)).contains("namespace weft-system is being deleted");
    }

    @Test
    void aClusterNetworkThatIsGoneIsAReason() {
        Answer gone = status(404, "NotFound", "clusternetworks.weft.dev \\\"default\\\" not found");
        assertThat(reason(LIVING, gone)).contains("there is no ClusterNetwork any more");
    }

    @Test
    void aServerThatDoesNotKnowTheKindYetIsNone() {
        assertThat(reason(LIVING, new Answer(404, "404 page not found\n"))).isEmpty();
        assertThat(reasonAfterRestart(status(404, "NotFound", "the server could not find the requested resource")))
                .isEmpty();
    }

    private Optional<String> reasonAfterRestart(Answer clusterNetwork) {
        server.removeContext(NAMESPACE);
        server.removeContext(CLUSTER_NETWORK);
        return reason(LIVING, clusterNetwork);
    }

    @Test
    void refusalsAndNonsenseAreNone() {
        assertThat(reason(status(403, "Forbidden", "no"), PRESENT)).isEmpty();
        assertThat(reasonAfterRestart(status(500, "InternalError", "etcd"))).isEmpty();
        server.removeContext(NAMESPACE);
        server.removeContext(CLUSTER_NETWORK);
        assertThat(reason(new Answer(200, "{\"kind\":"), PRESENT)).isEmpty();
    }

    @Test
    void aServerThatIsAwayIsNone() {
        server.stop(0);
        assertThat(ask()).isEmpty();
    }
}
