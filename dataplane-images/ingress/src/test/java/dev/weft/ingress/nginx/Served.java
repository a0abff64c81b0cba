package dev.weft.ingress.nginx;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.ObjectFiles;
import dev.weft.ingress.compile.Part;
import dev.weft.ingress.match.TestRequest;
import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.RequestView;
import dev.weft.ingress.route.Target;
import dev.weft.kube.EventNote;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is served for objects, as tests ask it. */
final class Served {
    static final Certificate FALLBACK = new Certificate("fallback", "CHAIN", "KEY");
    static final int HTTP = 8080;
    static final int HTTPS = 8443;

    private final Part part;

    private Served(Part part) {
        this.part = part;
    }

    static IngressCompiler compiler() {
        return new IngressCompiler(
                new IngressCompiler.Settings(Set.of("nginx"), HTTP, HTTPS, Optional.empty(), FALLBACK));
    }

    static Served of(Cluster cluster) {
        return new Served(compiler().compile(cluster));
    }

    static Served of(String... yaml) throws Exception {
        return of(ObjectFiles.cluster(Kinds.ALL, yaml));
    }

    /** An Ingress {@code web} for a.example and / with annotations such as {@code app-root: /app}, and its Service. */
    static Served annotated(String... annotations) throws Exception {
        return of(ingress("web", "a.example", "web", List.of(annotations), "Prefix /"), service("web"));
    }

    /** @param paths such as {@code Prefix /a} */
    static String ingress(String name, String host, String service, List<String> annotations, String... paths) {
        StringBuilder text = new StringBuilder("""
                kind: Ingress
                metadata:
                  name: %s
                  uid: u-%s
                  annotations: {%s}
                spec:
                  ingressClassName: nginx
                  rules:
                  - host: "%s"
                    http:
                      paths:
                """.formatted(
                name, name, annotations.stream().map(Served::annotation).collect(Collectors.joining(", ")), host));
        for (String path : paths) {
            text.append("""
                          - {pathType: %s, path: '%s', backend: {service: {name: %s, port: {number: 80}}}}
                    """.formatted(path.split(" ")[0], path.split(" ")[1], service));
        }
        return text.append("---\n").toString();
    }

    private static String annotation(String line) {
        int colon = line.indexOf(": ");
        String name = line.substring(0, colon);
        String value = line.substring(colon + 2).replaceAll("^\"|\"$", "").replace("'", "''");
        return (name.startsWith("weft.dev/") ? "" : "nginx.ingress.kubernetes.io/") + name + ": '" + value + "'";
    }

    static String service(String name) {
        return """
                kind: Service
                metadata: {name: %s}
                spec: {clusterIPs: [10.96.0.1], ports: [{name: http, port: 80, targetPort: 8080}]}
                ---
                """.formatted(name);
    }

    Part part() {
        return part;
    }

    List<Listener> listeners(int port) {
        return ((Port.Web) Objects.requireNonNull(part.ports().get(port))).listeners();
    }

    /** Of the port without TLS. */
    HttpRule rule(RequestView request) {
        return ((Listener.Serving.Http) listeners(HTTP).getFirst().serving())
                .router()
                .route(request);
    }

    HttpRule rule(String url) {
        return rule(TestRequest.get(url));
    }

    /** Where a request goes: names of Services with weights, or a status. */
    String target(RequestView request) {
        return rule(request).target().backends().stream()
                .map(backend -> switch (backend.destination()) {
                    case Target.Destination.To to ->
                        to.upstream().service() + (backend.weight() == 1 ? "" : "*" + backend.weight());
                    case Target.Destination.Respond respond -> Integer.toString(respond.status());
                })
                .collect(Collectors.joining(" "));
    }

    String target(String url) {
        return target(TestRequest.get(url));
    }

    <F extends Filter> List<F> filters(String url, Class<F> kind) {
        return rule(url).filters().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    <F extends Filter> F filter(String url, Class<F> kind) {
        return filters(url, kind).getFirst();
    }

    /** Reasons of notes with the beginning of their texts. */
    List<String> notes() {
        return part.notes().stream()
                .map(note -> note.regarding().name() + " " + note.reason() + ": " + note.note())
                .toList();
    }

    List<String> reasons() {
        return part.notes().stream().map(EventNote::reason).toList();
    }
}
