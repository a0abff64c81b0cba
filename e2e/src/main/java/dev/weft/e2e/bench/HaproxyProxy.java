package dev.weft.e2e.bench;

import dev.weft.e2e.bench.IngressRoutes.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** HAProxy: a map from hosts to backends; a master that hands the sockets over to a new worker when it is told to reload. */
record HaproxyProxy() implements IngressProxy {
    @Override
    public String name() {
        return "haproxy";
    }

    @Override
    public int port() {
        return 8120;
    }

    @Override
    public Map<String, String> files(IngressRoutes routes, Path folder) {
        List<Route> fixed = Stream.concat(Stream.of(IngressRoutes.TLS), routes.alike().stream())
                .toList();
        return Map.of(
                "haproxy.cfg",
                main(folder),
                "hosts.map",
                Stream.concat(fixed.stream(), Stream.of(IngressRoutes.changed(IngressRoutes.BLUE)))
                        .map(route -> route.host() + " " + route.name() + "\n")
                        .collect(Collectors.joining()),
                "routes.cfg",
                fixed.stream().map(HaproxyProxy::backend).collect(Collectors.joining()),
                "changed.cfg",
                backend(IngressRoutes.changed(IngressRoutes.BLUE)),
                "blue.cfg",
                backend(IngressRoutes.changed(IngressRoutes.BLUE)),
                "green.cfg",
                backend(IngressRoutes.changed(IngressRoutes.GREEN)));
    }

    private static String backend(Route route) {
        return """
                backend %s
                    server s %s:%d
                """.formatted(route.name(), IngressRoutes.BACKEND, route.port());
    }

    private String main(Path folder) {
        return """
                global
                    nbthread 1
                    maxconn 4000
                    stats socket %1$s/haproxy.sock mode 600 level admin expose-fd listeners
                    ssl-default-bind-options ssl-min-ver TLSv1.2
                defaults
                    mode http
                    option forwardfor
                    option splice-auto
                    http-reuse safe
                    timeout connect 5s
                    timeout client 60s
                    timeout server 60s
                    timeout http-keep-alive 75s
                    timeout tunnel 1h
                frontend web
                    bind 127.0.0.1:%2$d
                    bind 127.0.0.1:%3$d ssl crt %1$s/tls.pem alpn h2,http/1.1
                    http-request set-header X-Real-IP %%[src]
                    http-request set-header X-Forwarded-Host %%[req.hdr(host)]
                    http-request set-header X-Forwarded-Proto %%[ssl_fc,iif(https,http)]
                    use_backend %%[req.hdr(host),field(1,:),lower,map(%1$s/hosts.map,none)]
                backend none
                    http-request return status 404
                """.formatted(folder, port(), port() + 1);
    }

    @Override
    public List<String> command(Path folder) {
        return List.of(
                "/usr/sbin/haproxy",
                "-W",
                "-db",
                "-f",
                folder.resolve("haproxy.cfg").toString(),
                "-f",
                folder.resolve("routes.cfg").toString(),
                "-f",
                folder.resolve("changed.cfg").toString());
    }

    @Override
    public Change change(Path folder, long pid) {
        return Change.ofLines(colour ->
                "cd %s && cp %s.cfg next && mv next changed.cfg && kill -USR2 %d".formatted(folder, colour, pid));
    }
}
