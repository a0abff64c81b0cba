package dev.weft.e2e.faults;

import dev.weft.e2e.images.LabImages;
import dev.weft.e2e.lab.RunningPod;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Another release runs on one node after the other while pods talk. One that cannot run stops at the first node, with the
 * reason, and the others are left alone; the good one comes back.
 *
 * @param next the release to go to
 * @param bad whether releases that cannot run are tried as well
 */
record Upgrade(String next, boolean bad) implements Fault {
    private static final String MISSING = "9.9.9-missing";
    private static final String BROKEN = "9.9.9-broken";

    @Override
    public String title() {
        return "upgrade to " + next;
    }

    @Override
    public void run(Scene scene, Findings findings) {
        scene.step("  to " + next);
        offer(
                scene,
                scene.release().nodeImage(scene.release().version()),
                scene.release().nodeImage(next));
        offer(
                scene,
                scene.release().dnsImage(scene.release().version()),
                scene.release().dnsImage(next));
        List<RunningPod> pods = Talk.onEachNode(scene, "upgrade");
        Flows flows = Flows.between(scene, pods.get(0), pods.get(1));
        try (NodeReadiness readiness = NodeReadiness.watch(scene.lab())) {
            findings.millis("rollout of " + scene.nodes().size() + " nodes", goTo(scene, next));
            findings.expectNone("nodes stay Ready while agents are replaced", readiness.losses());
        }
        flows.stop(findings);
        oneAfterTheOther(scene, findings);
        Talk.all(scene, findings, pods);
        if (bad) {
            stops(scene, findings, MISSING, "an image that is not there");
            offer(scene, LabImages.PAUSE, scene.release().nodeImage(BROKEN));
            stops(scene, findings, BROKEN, "an agent that never gets ready");
            Talk.all(scene, findings, pods);
        }
        scene.pods().deleteAll();
        goTo(scene, scene.release().version());
    }

    /** Waits until all nodes run the release and have proved it. */
    private static Duration goTo(Scene scene, String version) {
        return Scene.timed(() -> {
            scene.weft().apply("{version: " + version + "}");
            scene.await("release " + version + " on all nodes", () -> {
                var status = scene.weft().resource().orElseThrow().getStatus();
                return version.equals(status.version())
                        && scene.condition("Ready").startsWith("True")
                        && agentVersions(scene).values().stream().allMatch(version::equals);
            });
        });
    }

    private static Map<String, String> agentVersions(Scene scene) {
        Map<String, String> versions = new TreeMap<>();
        scene.nodes()
                .forEach(node -> versions.put(
                        node.name().value(), scene.weft().agent(node.name()).version()));
        return versions;
    }

    /** The next agent started after the one before it was ready. */
    private static void oneAfterTheOther(Scene scene, Findings findings) {
        List<Instant> started = new ArrayList<>(scene.nodes().stream()
                .map(node -> scene.weft().agent(node.name()).startedAt())
                .sorted()
                .toList());
        for (int i = 1; i < started.size(); i++) {
            Duration apart = Duration.between(started.get(i - 1), started.get(i));
            findings.millis("from one node's agent to the next one's", apart);
            findings.expect("one node moves after the other", apart.toMillis() > 1000, apart.toString());
        }
    }

    private static void stops(Scene scene, Findings findings, String version, String how) {
        scene.step("  to " + how);
        Map<String, String> before = podsByNode(scene);
        String good = scene.weft().resource().orElseThrow().getStatus().version();
        Duration time = Scene.timed(() -> {
            scene.weft().apply("{version: " + version + "}");
            scene.await("the rollout to stop", () -> scene.condition("Stalled").startsWith("True"));
        });
        findings.millis(how + ": stopped after", time);
        findings.note(how + ", condition Stalled", scene.condition("Stalled"));
        findings.note(how + ", condition Ready", scene.condition("Ready"));
        Map<String, String> after = podsByNode(scene);
        long touched = before.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(after.get(entry.getKey())))
                .count();
        findings.expect(how + ": one node was touched", touched == 1, touched + ": " + before + " became " + after);
        findings.millis(how + ": going back", goTo(scene, String.valueOf(good)));
    }

    private static Map<String, String> podsByNode(Scene scene) {
        Map<String, String> pods = new TreeMap<>();
        for (Pod pod : scene.lab()
                .client()
                .pods()
                .inNamespace("weft-system")
                .withLabel("app.kubernetes.io/name", "weft-node")
                .list()
                .getItems()) {
            pods.put(pod.getSpec().getNodeName(), pod.getMetadata().getName());
        }
        return pods;
    }

    /** Gives an image that all nodes have another name; versions that were built and loaded are there already. */
    private static void offer(Scene scene, String image, String name) {
        scene.nodes().forEach(node -> {
            if (!node.images().contains(name)) {
                node.tag(image, name);
            }
        });
    }
}
