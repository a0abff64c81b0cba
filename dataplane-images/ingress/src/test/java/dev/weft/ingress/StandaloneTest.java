package dev.weft.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.weft.testkit.FreePort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way, from YAML to answers over real sockets. */
class StandaloneTest {
    @TempDir
    private Path folder;

    private static String ingress(String name, String host, String annotations, String path, String service) {
        return """
                kind: Ingress
                metadata: {name: %s, annotations: {%s}}
                spec:
                  ingressClassName: nginx
                  rules:
                  - host: %s
                    http: {paths: [{path: '%s', pathType: ImplementationSpecific, backend: {service: {name: %s, port: {number: 80}}}}]}
                ---
                """.formatted(name, annotations, host, path, service);
    }

    private static String nginx(String name, String value) {
        return "nginx.ingress.kubernetes.io/" + name + ": '" + value + "'";
    }

    @Test
    void what_files_say_is_served_and_their_changes_followed() throws Exception {
        int http = FreePort.next();
        int https = FreePort.next();
        Files.writeString(
                folder.resolve("users.yaml"),
                "{kind: Secret, metadata: {name: users}, stringData: {auth: 'ann:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g='}}");
        try (EchoBackend backend = new EchoBackend("one");
                EchoBackend other = new EchoBackend("two")) {
            Files.writeString(folder.resolve("services.yaml"), backend.objects("web") + other.objects("v2"));
            Files.writeString(
                    folder.resolve("ingresses.yaml"),
                    ingress("plain", "a.example", "", "/", "web")
                            + ingress("rewrite", "b.example", nginx("rewrite-target", "/$2"), "/api(/|$)(.*)", "web")
                            + ingress(
                                    "auth",
                                    "c.example",
                                    nginx("auth-type", "basic") + ", " + nginx("auth-secret", "users"),
                                    "/",
                                    "web")
                            + ingress(
                                    "moved",
                                    "d.example",
                                    nginx("permanent-redirect", "https://e.example/x"),
                                    "/",
                                    "web")
                            + ingress(
                                    "limited",
                                    "f.example",
                                    nginx("limit-rpm", "1") + ", " + nginx("limit-burst-multiplier", "1"),
                                    "/",
                                    "web")
                            + ingress(
                                    "canary",
                                    "a.example",
                                    nginx("canary", "true") + ", " + nginx("canary-by-header", "x-canary"),
                                    "/",
                                    "v2")
                            + ingress("tls", "g.example", nginx("force-ssl-redirect", "true"), "/", "web"));
            try (Standalone server = Standalone.start(folder, List.of("http=" + http, "https=" + https))) {
                assertThat(server).isNotNull();
                assertThat(Ask.get(http, "a.example", "/x?y=%20"))
                        .startsWith("HTTP/1.1 200 ")
                        .contains("one GET /x?y=%20\n")
                        .contains("host: a.example\n")
                        .contains("x-forwarded-for: 127.0.0.1\n")
                        .contains("x-forwarded-proto: http\n");
                assertThat(Ask.http(http, "GET", "a.example", "/", "X-Canary: always"))
                        .contains("two GET /");
                assertThat(Ask.get(http, "b.example", "/api/v1/x?q=1")).contains("one GET /v1/x?q=1\n");
                assertThat(Ask.get(http, "c.example", "/")).startsWith("HTTP/1.1 401 ");
                assertThat(Ask.http(http, "GET", "c.example", "/", "Authorization: Basic YW5uOnBhc3N3b3Jk"))
                        .as("the backend is not told the password")
                        .startsWith("HTTP/1.1 200 ")
                        .doesNotContain("authorization:");
                assertThat(Ask.get(http, "d.example", "/y"))
                        .startsWith("HTTP/1.1 301 ")
                        .containsIgnoringCase("location: https://e.example/x\r\n");
                assertThat(Ask.get(http, "g.example", "/y?z"))
                        .startsWith("HTTP/1.1 308 ")
                        .containsIgnoringCase("location: https://g.example/y?z\r\n");
                assertThat(Ask.status(http, "f.example", "/")).isEqualTo(200);
                assertThat(Ask.status(http, "f.example", "/")).isEqualTo(200);
                assertThat(Ask.status(http, "f.example", "/")).isEqualTo(429);
                assertThat(Ask.status(http, "unknown.example", "/")).isEqualTo(404);
                assertThat(Ask.status(http, "a.example", "/..")).isEqualTo(400);
                assertThat(Ask.certificate(https, "a.example")).contains("ingress.local");

                Files.writeString(folder.resolve("ingresses.yaml"), ingress("plain", "a.example", "", "/", "v2"));
                await().until(() -> Ask.get(http, "a.example", "/").contains("two GET /"));
                assertThat(Ask.status(http, "b.example", "/api")).isEqualTo(404);

                Files.writeString(folder.resolve("ingresses.yaml"), "kind: [");
                assertThat(Ask.status(http, "a.example", "/"))
                        .as("what cannot be read changes nothing")
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void options_that_make_no_sense_are_named() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Standalone.config(List.of("port=80")))
                .withMessageContaining("no option: port=80");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> Standalone.config(List.of("http=0")))
                .withMessageContaining("httpPort 0");
    }
}
