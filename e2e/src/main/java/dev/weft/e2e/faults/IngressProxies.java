package dev.weft.e2e.faults;

import dev.weft.e2e.weft.Weft;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The ingress proxies: asked for, found, rolled over, given up. */
final class IngressProxies {
    static final String NAME = "weft-ingress";
    /** How long connections may go on after a proxy was told to stop. */
    static final Duration DRAIN = Duration.ofSeconds(20);

    private IngressProxies() {}

    static void install(Scene scene) {
        scene.weft().apply("{" + spec("") + "}");
        scene.weft().awaitReady(Scene.PATIENCE);
    }

    /**
     * The part of a ClusterNetwork's spec that asks for them.
     *
     * @param more its further fields, with a comma before each
     */
    private static String spec(String more) {
        return "ingress: {drainSeconds: " + DRAIN.toSeconds() + more + "}";
    }

    /** Replaces all of them, one after the other, and waits until those before are gone. */
    static void rollOver(Scene scene) {
        Set<String> before = uids(scene);
        scene.weft().apply("{" + spec(", env: [{name: WEFT_ROUND, value: again}]") + "}");
        scene.await("new proxies alone", () -> uids(scene).stream().noneMatch(before::contains));
        scene.weft().awaitReady(Scene.PATIENCE);
    }

    /** Goes to another release with all of Weft, and waits until no proxy is of another one. */
    static void upgrade(Scene scene, String version) {
        Agents.upgrade(scene, version, ", " + spec(""));
        String image = scene.release().ingressImage(version);
        scene.await(
                "proxies of " + version + " alone",
                () -> pods(scene).stream()
                        .allMatch(pod -> pod.getSpec()
                                .getContainers()
                                .getFirst()
                                .getImage()
                                .equals(image)));
        scene.weft().awaitReady(Scene.PATIENCE);
    }

    /** Gives them up; returns the time until nothing of them is left. */
    static Duration remove(Scene scene) {
        scene.weft().apply("{}");
        Duration gone = scene.await(
                "the end of the proxies",
                () -> pods(scene).isEmpty() && leftovers(scene).isBlank());
        scene.weft().awaitReady(Scene.PATIENCE);
        return gone;
    }

    private static String leftovers(Scene scene) {
        return scene.kubectl()
                .run(
                        "get",
                        "ingressclasses,deployments,services,poddisruptionbudgets,configmaps,serviceaccounts,"
                                + "rolebindings,clusterrolebindings",
                        "--all-namespaces",
                        "--selector=app.kubernetes.io/managed-by=weft-operator,app.kubernetes.io/name=" + NAME,
                        "--output=name",
                        "--ignore-not-found");
    }

    static List<Pod> pods(Scene scene) {
        return scene.lab()
                .client()
                .pods()
                .inNamespace(Weft.NAMESPACE)
                .withLabel("app.kubernetes.io/name", NAME)
                .list()
                .getItems();
    }

    private static Set<String> uids(Scene scene) {
        return pods(scene).stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
    }

    /** @param port {@code http} or {@code https} */
    static int nodePort(Scene scene, String port) {
        Service service = Objects.requireNonNull(scene.lab()
                .client()
                .services()
                .inNamespace(Weft.NAMESPACE)
                .withName(NAME)
                .get());
        return service.getSpec().getPorts().stream()
                .filter(p -> p.getName().equals(port))
                .map(ServicePort::getNodePort)
                .findFirst()
                .orElseThrow();
    }
}
