package dev.weft.e2e.faults;

import java.time.Duration;
import java.time.Instant;

/**
 * Ingresses that come and change, ten a second: further paths of a host, and hosts of their own. As fast as the API server
 * takes them, 46 a second, they left two cores no time for the requests.
 * Nobody asks for them but at the end, for the last one.
 */
final class RouteStorm {
    private static final int ROUTES = 100;
    private static final Duration EACH = Duration.ofMillis(100);
    private static final String PATH = "/hostname";
    private static final String LABEL = "weft.dev/storm";

    private final Scene scene;
    private final IngressTarget target;
    private int changes;
    private Duration took = Duration.ZERO;

    RouteStorm(Scene scene, IngressTarget target) {
        this.scene = scene;
        this.target = target;
    }

    void run(Duration length) {
        Instant begin = Instant.now();
        for (took = Duration.ZERO; took.compareTo(length) < 0; took = Duration.between(begin, Instant.now())) {
            scene.lab()
                    .client()
                    .resource(route(changes % ROUTES, changes / ROUTES))
                    .serverSideApply();
            changes++;
            Duration early = EACH.multipliedBy(changes).minus(Duration.between(begin, Instant.now()));
            if (early.isPositive()) {
                ApiServerAway.rest(early);
            }
        }
    }

    /** Tells how many there were, and how long after the last its route is served. */
    void tell(Findings findings) {
        findings.figure("route storm: changes a second", changes / Math.max(1.0, took.toMillis() / 1000.0), "1/s");
        int last = changes - 1;
        findings.millis(
                "route storm: until its last change is seen to be served",
                Scene.timed(() -> IngressTarget.awaitAnswers(
                        scene, scene.node(1), "http", host(last % ROUTES, last / ROUTES), PATH, IngressTarget.OK)));
    }

    void delete() {
        scene.kubectl()
                .run(
                        "delete",
                        "ingresses",
                        "--namespace=" + Pods.NAMESPACE,
                        "--selector=" + LABEL,
                        "--ignore-not-found");
    }

    private static String host(int route, int generation) {
        return "storm-%d-%d.example".formatted(route, generation);
    }

    private String route(int route, int generation) {
        return """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: storm-%d, namespace: %s, labels: {%s: "true"}}
                spec:
                  rules:
                  - host: %s
                    http: {paths: [{path: /storm-%d/%d, pathType: Prefix, backend: %s}]}
                  - host: %s
                    http: {paths: [{path: %s, pathType: Prefix, backend: %s}]}
                """.formatted(
                        route,
                        Pods.NAMESPACE,
                        LABEL,
                        target.host(),
                        route,
                        generation,
                        backend(),
                        host(route, generation),
                        PATH,
                        backend());
    }

    private String backend() {
        return "{service: {name: %s, port: {number: %d}}}"
                .formatted(target.service().name(), target.port());
    }
}
