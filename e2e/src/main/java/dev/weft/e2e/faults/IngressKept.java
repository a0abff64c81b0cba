package dev.weft.e2e.faults;

import dev.weft.api.ComponentStatus;
import dev.weft.e2e.weft.Weft;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Ingress is asked for, answers, is rolled over without losing a request, and goes without a trace. */
final class IngressKept implements Fault {
    static final String PROXIES = "weft-ingress";
    private static final String HOST = "fault.example";
    private static final String NAME = "fault-ingress";

    @Override
    public String title() {
        return "ingress";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        scene.weft().apply("{ingress: {}}");
        scene.weft().awaitReady(Scene.PATIENCE);
        scene.pods().start(NAME, scene.node(1).name());
        objects().forEach(object -> scene.lab().client().resource(object).serverSideApply());
        int port = nodePort(scene);
        scene.nodes().forEach(node -> {
            HttpRequests requests = new HttpRequests(node, node.name().ipv4(), port, HOST);
            findings.millis(
                    "from " + node.name() + ": first answer",
                    scene.await(
                            "an answer through ingress", () -> requests.once().contains(" 200 ")));
        });
        HttpRequests requests =
                new HttpRequests(scene.node(2), scene.node(2).name().ipv4(), port, HOST);
        requests.during("rolling restart of the proxies", scene, findings, () -> {
            List<Pod> before = pods(scene);
            scene.weft().apply("{ingress: {env: [{name: WEFT_ROUND, value: again}]}}");
            scene.await(
                    "new proxies alone",
                    () -> pods(scene).stream()
                            .noneMatch(pod -> before.stream()
                                    .anyMatch(old -> old.getMetadata()
                                            .getUid()
                                            .equals(pod.getMetadata().getUid()))));
            scene.weft().awaitReady(Scene.PATIENCE);
        });
        Optional<ComponentStatus> status = scene.weft().resource().stream()
                .flatMap(cn -> cn.status().components().stream())
                .filter(c -> c.name().equals("ingress"))
                .findFirst();
        findings.expect(
                "the status counts the proxies",
                status.filter(c -> c.desired() == 2 && c.ready() == 2).isPresent(),
                status.toString());
        remove(scene, findings);
    }

    private static void remove(Scene scene, Findings findings) {
        objects().forEach(object -> scene.lab().client().resource(object).delete());
        scene.pods().deleteAll();
        scene.weft().apply("{}");
        findings.millis(
                "gone after",
                scene.await(
                        "the end of the proxies",
                        () -> pods(scene).isEmpty() && leftovers(scene).isBlank()));
        scene.weft().awaitReady(Scene.PATIENCE);
    }

    private static String leftovers(Scene scene) {
        return scene.kubectl()
                .run(
                        "get",
                        "ingressclasses,deployments,services,poddisruptionbudgets,configmaps,serviceaccounts,"
                                + "rolebindings,clusterrolebindings",
                        "--all-namespaces",
                        "--selector=app.kubernetes.io/managed-by=weft-operator,app.kubernetes.io/name=" + PROXIES,
                        "--output=name",
                        "--ignore-not-found");
    }

    private static List<Pod> pods(Scene scene) {
        return scene.lab()
                .client()
                .pods()
                .inNamespace(Weft.NAMESPACE)
                .withLabel("app.kubernetes.io/name", PROXIES)
                .list()
                .getItems();
    }

    private static int nodePort(Scene scene) {
        Service service = Objects.requireNonNull(scene.lab()
                .client()
                .services()
                .inNamespace(Weft.NAMESPACE)
                .withName(PROXIES)
                .get());
        return service.getSpec().getPorts().stream()
                .filter(p -> p.getName().equals("http"))
                .map(ServicePort::getNodePort)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> objects() {
        return List.of("""
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s, namespace: default}
                spec:
                  selector: {%2$s: "true"}
                  ports: [{port: 80, targetPort: %3$d}]
                """.formatted(NAME, Pods.LABEL, Pods.PORT), """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: %1$s, namespace: default}
                spec:
                  rules:
                  - host: %2$s
                    http:
                      paths:
                      - {path: /, pathType: Prefix, backend: {service: {name: %1$s, port: {number: 80}}}}
                """.formatted(NAME, HOST));
    }
}
