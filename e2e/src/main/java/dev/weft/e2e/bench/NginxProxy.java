package dev.weft.e2e.bench;

import dev.weft.e2e.bench.IngressRoutes.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** nginx: a server block and an upstream with kept connections for each route, and what clients are told of in headers. */
record NginxProxy() implements IngressProxy {
    /** Above it, upstreams keep fewer connections each: nginx sets all of their places aside. */
    private static final int FEW = 100;

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public int port() {
        return 8110;
    }

    @Override
    public Map<String, String> files(IngressRoutes routes, Path folder) {
        int kept = routes.count() > FEW ? 8 : 128;
        return Map.of(
                "nginx.conf",
                main(folder),
                "routes.conf",
                server(IngressRoutes.TLS, kept, port() + 1 + " ssl http2")
                        + routes.alike().stream()
                                .map(route -> server(route, kept, String.valueOf(port())))
                                .collect(Collectors.joining()),
                "changed.conf",
                changed(IngressRoutes.BLUE),
                "blue.conf",
                changed(IngressRoutes.BLUE),
                "green.conf",
                changed(IngressRoutes.GREEN));
    }

    private String changed(int port) {
        return server(IngressRoutes.changed(port), 8, String.valueOf(port()));
    }

    private static String server(Route route, int kept, String listen) {
        return """
                upstream %1$s {
                    server %2$s:%3$d;
                    keepalive %4$d;
                    keepalive_requests 1000000000;
                }
                server {
                    listen 127.0.0.1:%5$s;
                    server_name %6$s;
                    location / {
                        proxy_pass http://%1$s;
                    }
                }
                """.formatted(route.name(), IngressRoutes.BACKEND, route.port(), kept, listen, route.host());
    }

    private String main(Path folder) {
        return """
                user root;
                worker_processes 1;
                worker_rlimit_nofile 16384;
                daemon off;
                pid %1$s/nginx.pid;
                error_log stderr warn;
                events {
                    worker_connections 8192;
                }
                http {
                    access_log off;
                    sendfile on;
                    tcp_nopush on;
                    keepalive_requests 1000000000;
                    server_names_hash_max_size 65536;
                    server_names_hash_bucket_size 128;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    map $http_upgrade $connection_upgrade {
                        default upgrade;
                        '' '';
                    }
                    proxy_http_version 1.1;
                    proxy_buffer_size 16k;
                    proxy_buffers 8 64k;
                    proxy_read_timeout 1h;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection $connection_upgrade;
                    proxy_set_header X-Real-IP $remote_addr;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Host $http_host;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    ssl_certificate %1$s/tls.crt;
                    ssl_certificate_key %1$s/tls.key;
                    ssl_protocols TLSv1.2 TLSv1.3;
                    server {
                        listen 127.0.0.1:%2$d default_server;
                        return 404;
                    }
                    include %1$s/routes.conf;
                    include %1$s/changed.conf;
                }
                """.formatted(folder, port());
    }

    @Override
    public List<String> command(Path folder) {
        return List.of("/usr/sbin/nginx", "-c", folder.resolve("nginx.conf").toString(), "-e", "stderr");
    }

    @Override
    public Change change(Path folder, long pid) {
        return Change.ofLines(colour ->
                "cd %1$s && cp %2$s.conf next && mv next changed.conf && /usr/sbin/nginx -c %1$s/nginx.conf -e stderr -s reload"
                        .formatted(folder, colour));
    }
}
