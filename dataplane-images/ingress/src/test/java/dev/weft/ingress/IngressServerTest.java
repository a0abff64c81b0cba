package dev.weft.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.config.IngressConfig;
import dev.weft.config.IngressConfigJson;
import dev.weft.config.IngressStatus;
import dev.weft.config.IngressStatusJson;
import dev.weft.ingress.nginx.SelfSigned;
import dev.weft.ingress.route.Certificate;
import dev.weft.kube.KubeConfig;
import dev.weft.testkit.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process as a whole, on real sockets, against an API server that tells what the test says. */
class IngressServerTest {
    @TempDir
    private Path folder;

    private final int http = FreePort.next();
    private final int https = FreePort.next();
    private FakeApi api;
    private EchoBackend backend;
    private IngressServer server;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi();
        backend = new EchoBackend("one");
        api.put(FakeApi.SERVICES, "web", "\"spec\":{\"clusterIPs\":[\"10.96.0.1\"],\"ports\":[{\"port\":80}]}");
        endpoints("true");
        ingress("a.example", "");
        Files.writeString(folder.resolve("ingress.json"), IngressConfigJson.write(config(List.of("nginx"))));
        server = new IngressServer(
                new ConfigFile(folder.resolve("ingress.json")),
                KubeConfig.anonymous(List.of(api.uri())),
                new IngressServer.Place(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        "test",
                        "cluster.local",
                        "1.2.3",
                        Duration.ZERO));
    }

    @AfterEach
    void stop() {
        server.close();
        backend.close();
        api.close();
    }

    private IngressConfig config(List<String> classes) {
        return new IngressConfig(
                List.of(api.uri()),
                "weft-system",
                classes,
                false,
                http,
                https,
                Optional.empty(),
                Optional.of("weft-system/weft-ingress"),
                false,
                List.of(),
                false,
                IngressConfig.Limits.DEFAULT,
                1);
    }

    private void endpoints(String ready) {
        api.put(FakeApi.SLICES, "web", """
                "ports":[{"name":"","port":%d}],
                "endpoints":[{"addresses":["127.0.0.1"],"conditions":{"ready":%s,"serving":%s}}]
                """.formatted(backend.port(), ready, ready).replace("\n", " "));
    }

    private void ingress(String host, String tls) {
        api.put(FakeApi.INGRESSES, "web", """
                "spec":{"ingressClassName":"nginx"%s,"rules":[{"host":"%s","http":{"paths":[
                {"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}
                """.formatted(tls, host).replace("\n", " "));
    }

    private void secret(String host) {
        Certificate pair = SelfSigned.certificate(host);
        api.put(FakeApi.SECRETS, "cert", """
                "type":"kubernetes.io/tls","data":{"tls.crt":"%s","tls.key":"%s"}"""
                .formatted(base64(pair.chain()), base64(pair.key())));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String page(String path) throws IOException {
        return Ask.get(server.httpPort(), "localhost", path);
    }

    private void awaitReady() {
        await().until(() -> page("/ready").startsWith("HTTP/1.1 200"));
    }

    @Test
    void routes_endpoints_and_certificates_are_followed() throws Exception {
        awaitReady();
        assertThat(Ask.get(http, "a.example", "/x")).contains("one GET /x");
        assertThat(page("/health")).startsWith("HTTP/1.1 200");

        endpoints("false");
        await().until(() -> Ask.status(http, "a.example", "/") == 503);
        endpoints("true");
        await().until(() -> Ask.status(http, "a.example", "/") == 200);

        secret("b.example");
        assertThat(api.asked()).as("no Secret that nobody names").noneMatch(path -> path.contains("secrets"));
        ingress("b.example", ",\"tls\":[{\"hosts\":[\"b.example\"],\"secretName\":\"cert\"}]");
        await().until(() -> Ask.status(http, "b.example", "/") == 308);
        assertThat(Ask.certificate(https, "b.example")).contains("b.example");
        assertThat(Ask.status(http, "a.example", "/")).isEqualTo(404);
        assertThat(api.asked())
                .filteredOn(path -> path.contains("secrets"))
                .containsExactly(FakeApi.SECRETS + "/cert");

        secret("*.example");
        await().until(() -> Ask.certificate(https, "b.example").contains("*.example"));
    }

    @Test
    void it_tells_of_itself() throws Exception {
        awaitReady();
        api.put(FakeApi.INGRESSES, "odd", "\"spec\":{\"ingressClassName\":\"nginx\"}");
        await().until(() -> status().ingresses() == 2);
        IngressStatus status = status();
        assertThat(status.version()).isEqualTo("1.2.3");
        assertThat(status.ready()).isTrue();
        assertThat(status.config().taken()).isTrue();
        assertThat(page("/metrics"))
                .contains("weft_ingress_ingresses 2")
                .contains("weft_ingress_config_taken 1")
                .contains("weft_watch_objects{kind=\"Ingress\"} 2")
                .contains("weft_ingress_compile_duration_seconds_count");
    }

    private IngressStatus status() throws IOException {
        String answer = page("/status");
        return IngressStatusJson.read(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void a_changed_configuration_is_taken_and_a_broken_one_told() throws Exception {
        awaitReady();
        Files.writeString(folder.resolve("ingress.json"), IngressConfigJson.write(config(List.of("other"))));
        await().until(() -> Ask.status(http, "a.example", "/") == 404);
        Files.writeString(folder.resolve("ingress.json"), "{}");
        await().until(() -> !status().config().taken());
        assertThat(status().config().message()).contains("limits");
    }
}
