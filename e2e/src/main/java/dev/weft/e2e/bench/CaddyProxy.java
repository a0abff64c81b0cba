package dev.weft.e2e.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.bench.IngressRoutes.Route;
import dev.weft.e2e.lab.LabException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Caddy with its own JSON, which its admin API changes in parts. HTTP/3 is off: the others have none. */
record CaddyProxy() implements IngressProxy {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "caddy";
    }

    @Override
    public int port() {
        return 8130;
    }

    private int adminPort() {
        return port() + 2;
    }

    @Override
    public Map<String, String> files(IngressRoutes routes, Path folder) {
        List<Map<String, Object>> plain = Stream.concat(
                        routes.alike().stream(), Stream.of(IngressRoutes.changed(IngressRoutes.BLUE)))
                .map(CaddyProxy::route)
                .toList();
        Map<String, Object> config = Map.of(
                "admin",
                Map.of("listen", "127.0.0.1:" + adminPort(), "config", Map.of("persist", false)),
                "logging",
                Map.of("logs", Map.of("default", Map.of("level", "WARN"))),
                "apps",
                Map.of(
                        "http",
                        Map.of("servers", Map.of("web", server(port(), plain), "tls", secure())),
                        "tls",
                        Map.of(
                                "certificates",
                                Map.of(
                                        "load_files",
                                        List.of(Map.of(
                                                "certificate",
                                                        folder.resolve("tls.crt")
                                                                .toString(),
                                                "key", folder.resolve("tls.key").toString()))))));
        return Map.of(
                "caddy.json",
                json(config),
                "blue.json",
                json(route(IngressRoutes.changed(IngressRoutes.BLUE))),
                "green.json",
                json(route(IngressRoutes.changed(IngressRoutes.GREEN))));
    }

    private Map<String, Object> secure() {
        Map<String, Object> server = new HashMap<>(server(port() + 1, List.of(route(IngressRoutes.TLS))));
        server.put("tls_connection_policies", List.of(Map.of()));
        return server;
    }

    private static Map<String, Object> server(int port, List<Map<String, Object>> routes) {
        return Map.of(
                "listen", List.of("127.0.0.1:" + port),
                "protocols", List.of("h1", "h2"),
                "automatic_https", Map.of("disable", true),
                "routes", routes);
    }

    private static Map<String, Object> route(Route route) {
        Map<String, Object> handler = Map.of(
                "handler",
                "reverse_proxy",
                "upstreams",
                List.of(Map.of("dial", IngressRoutes.BACKEND + ":" + route.port())),
                "transport",
                Map.of(
                        "protocol",
                        "http",
                        "keep_alive",
                        Map.of("enabled", true, "max_idle_conns_per_host", 128, "idle_timeout", "60s")));
        return Map.of(
                "@id", route.name(),
                "match", List.of(Map.of("host", List.of(route.host()))),
                "handle", List.of(handler),
                "terminal", true);
    }

    private static String json(Map<String, Object> value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new LabException("cannot write the configuration of Caddy", e);
        }
    }

    @Override
    public List<String> command(Path folder) {
        return List.of(
                "env",
                "GOMAXPROCS=1",
                "HOME=" + folder,
                "/usr/bin/caddy",
                "run",
                "--config",
                folder.resolve("caddy.json").toString());
    }

    @Override
    public Change change(Path folder, long pid) {
        return Change.ofLines(colour ->
                "curl --silent --fail --request PATCH --header 'Content-Type: application/json' --data-binary @%s http://127.0.0.1:%d/id/changed"
                        .formatted(folder.resolve(colour + ".json"), adminPort()));
    }
}
