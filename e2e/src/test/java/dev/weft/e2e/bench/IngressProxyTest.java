package dev.weft.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.bench.IngressRoutes.Route;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngressProxyTest {
    private static final int COUNT = 12;
    private static final IngressRoutes ROUTES = new IngressRoutes(COUNT);

    private static final WeftImage IMAGE = new WeftImage(Path.of("/image"));

    @TempDir
    private Path folder;

    private final List<IngressProxy> proxies = List.of(
            new WeftProxy(IMAGE, "weft"),
            new WeftInCluster(IMAGE, new BenchApiServer(Path.of("/api"))),
            new NginxProxy(),
            new HaproxyProxy(),
            new CaddyProxy());

    @BeforeEach
    void certificate() throws IOException {
        Files.writeString(folder.resolve("tls.crt"), "certificate");
        Files.writeString(folder.resolve("tls.key"), "key");
    }

    @Test
    void eachProxyServesEachHostOnce() {
        for (IngressProxy proxy : proxies) {
            Map<String, String> files = proxy.files(ROUTES, folder);
            String all = files.entrySet().stream()
                    .filter(file ->
                            !file.getKey().startsWith("blue.") && !file.getKey().startsWith("green."))
                    .map(Map.Entry::getValue)
                    .reduce("", String::concat);
            for (Route route : Stream.concat(
                            ROUTES.alike().stream(), Stream.of(IngressRoutes.TLS, IngressRoutes.changed(0)))
                    .toList()) {
                // Weft's Ingress of the TLS host names it twice, for its certificate and for its rule.
                int times = (proxy instanceof WeftProxy || proxy instanceof WeftInCluster)
                                && route.equals(IngressRoutes.TLS)
                        ? 2
                        : 1;
                assertThat(Pattern.compile("\\b" + Pattern.quote(route.host()))
                                .matcher(all)
                                .results())
                        .as("%s of %s", route.host(), proxy.name())
                        .hasSize(times);
            }
        }
    }

    @Test
    void aChangeLeadsFromOneServerToTheOther() {
        for (IngressProxy proxy : List.of(new NginxProxy(), new HaproxyProxy(), new CaddyProxy())) {
            Map<String, String> files = proxy.files(ROUTES, folder);
            String blue = files.entrySet().stream()
                    .filter(file -> file.getKey().startsWith("blue."))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElseThrow();
            assertThat(blue).contains("9002");
            assertThat(files.values()).contains(blue.replace("9002", "9003"));
        }
        assertThat(WeftObjects.changed("blue").replace("blue", "green")).isEqualTo(WeftObjects.changed("green"));
        for (IngressProxy proxy : proxies) {
            List<String> arguments = proxy.change(folder, 42).arguments();
            String forth = arguments.get(arguments.indexOf("--forth") + 1);
            String back = arguments.get(arguments.indexOf("--back") + 1);
            assertThat(forth).contains("green");
            assertThat(back).isEqualTo(forth.replace("green", "blue"));
        }
    }

    @Test
    void portsAreApart() {
        Set<Integer> ports = new HashSet<>();
        for (IngressProxy proxy : proxies) {
            assertThat(ports.add(proxy.port())).isTrue();
            assertThat(ports.add(proxy.port() + 1)).isTrue();
            assertThat(String.join("\n", proxy.files(ROUTES, folder).values())
                            + String.join(" ", proxy.command(folder)))
                    .contains(String.valueOf(proxy.port()), String.valueOf(proxy.port() + 1));
        }
    }

    @Test
    void weftsObjectsAreObjects() throws IOException {
        ObjectMapper json = new ObjectMapper();
        int ingresses = 0;
        for (String line : new WeftInCluster(IMAGE, new BenchApiServer(Path.of("/api")))
                .files(ROUTES, folder)
                .getOrDefault("objects.json", "")
                .split("\n")) {
            JsonNode object = json.readTree(line);
            assertThat(object.path("metadata").path("name").asText()).isNotEmpty();
            if (object.path("kind").asText().equals("Ingress")) {
                ingresses++;
                Ingress ingress = json.treeToValue(object, Ingress.class);
                assertThat(ingress.getSpec().getRules().getFirst().getHost()).endsWith(".bench.example");
            }
        }
        assertThat(ingresses).isEqualTo(COUNT + 3);
        assertThat(json.readTree(WeftObjects.patch("green"))
                        .at("/spec/rules/0/http/paths/0/backend/service/name")
                        .asText())
                .isEqualTo("green");
    }

    @Test
    void caddysConfigurationIsJson() throws IOException {
        String text = new CaddyProxy().files(ROUTES, folder).getOrDefault("caddy.json", "");
        JsonNode servers = new ObjectMapper().readTree(text).at("/apps/http/servers");
        assertThat(servers.at("/web/routes")).hasSize(COUNT + 2);
        assertThat(servers.at("/tls/routes/0/handle/0/upstreams/0/dial").asText())
                .isEqualTo("192.0.2.10:9000");
        assertThat(servers.at("/tls/tls_connection_policies")).hasSize(1);
    }

    @Test
    void routesAreAtLeastOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> new IngressRoutes(0));
        assertThat(new IngressRoutes(1).alike()).containsExactly(IngressRoutes.plain(), IngressRoutes.SOCKET);
    }
}
