package dev.weft.e2e.faults;

import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.weft.Release;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The agents of nodes: killed from outside of their pods, replaced, upgraded. */
final class Agents {
    /** The agent's own account of its parts. */
    private static final String READYZ = "http://127.0.0.1:9470/readyz";

    private static final String READY = "[ \"$(curl -s -o /dev/null -m 2 -w '%{http_code}' " + READYZ + ")\" = 200 ]";

    private static final String SERVES_PODS =
            "[ \"$(curl -s -m 2 " + READYZ + " | grep -cE '^ok   (routes|node|cni|files)')\" = 4 ]";

    /** Kills it, and waits on the node itself until its successor answers: no API server is needed for it. */
    private static final String KILL = """
            pid=$(pgrep -o -f '[@]/app/weft-node agent') || exit 7
            kill -9 "$pid"
            start=$(date +%s%N)
            tries=0
            until CONDITION; do
              tries=$((tries + 1))
              [ $tries -lt 2000 ] || exit 8
              sleep 0.05
            done
            echo $((($(date +%s%N) - start) / 1000000))
            """;

    private Agents() {}

    /** Ends the agent with signal 9; returns the time until there is one again that is ready. */
    static Duration kill(Node node) {
        return kill(node, READY);
    }

    /**
     * As {@link #kill}, until there is one again that serves pods from what it has kept. Services and policies stay as the one
     * before left them until the API server tells of all, and the agent says so by not being ready.
     */
    static Duration killWithoutApiServer(Node node) {
        return kill(node, SERVES_PODS);
    }

    private static Duration kill(Node node, String until) {
        String millis =
                node.exec("bash", "-c", KILL.replace("CONDITION", until)).strip();
        try {
            return Duration.ofMillis(Long.parseLong(millis));
        } catch (NumberFormatException e) {
            throw new LabException("no agent came back on " + node.name() + ": " + millis, e);
        }
    }

    /** Deletes the pods of all agents at once, and waits until there are new ones and the ClusterNetwork is Ready. */
    static void replace(Scene scene) {
        var pods =
                scene.lab().client().pods().inNamespace("weft-system").withLabel("app.kubernetes.io/name", "weft-node");
        List<String> before = pods.list().getItems().stream()
                .map(pod -> pod.getMetadata().getUid())
                .toList();
        pods.delete();
        scene.await("new agents to be ready", () -> {
            List<Pod> now = pods.list().getItems();
            return now.size() == scene.nodes().size()
                    && now.stream()
                            .noneMatch(pod -> before.contains(pod.getMetadata().getUid()))
                    && now.stream().allMatch(Readiness.getInstance()::isReady);
        });
        scene.weft().awaitReady(Scene.PATIENCE);
    }

    /** Goes to another release, or back, and waits until all agents are of it. One that was not built is this one by another name. */
    static void upgrade(Scene scene, String version) {
        upgrade(scene, version, "");
    }

    /**
     * Likewise in a cluster whose spec says more than the version.
     *
     * @param more fields of the spec after the version, such as {@code , ingress: {}}
     */
    static void upgrade(Scene scene, String version, String more) {
        scene.nodes().forEach(node -> offer(scene, node, version));
        scene.weft().apply("{version: " + version + more + "}");
        scene.await(
                "release " + version + " on all nodes",
                () -> scene.condition("Ready").startsWith("True")
                        && scene.nodes().stream()
                                .allMatch(node -> scene.weft()
                                        .agent(node.name())
                                        .version()
                                        .equals(version)));
    }

    private static void offer(Scene scene, Node node, String version) {
        Release release = scene.release();
        Map.of(
                        release.nodeImage(version), release.nodeImage(release.version()),
                        release.dnsImage(version), release.dnsImage(release.version()),
                        release.ingressImage(version), release.ingressImage(release.version()))
                .forEach((name, present) -> {
                    if (!node.images().contains(name)) {
                        node.tag(present, name);
                    }
                });
    }
}
