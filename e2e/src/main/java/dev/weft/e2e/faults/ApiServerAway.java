package dev.weft.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.RunningPod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The API server is stopped. Pods go on talking, nothing is taken off the nodes; an agent that is killed meanwhile comes
 * back from what it has kept, and serves CNI requests.
 *
 * @param outage for how long
 */
record ApiServerAway(Duration outage) implements Fault {
    private static final int NEW_PODS = 10;

    @Override
    public String title() {
        return "API server away for " + outage.toSeconds() + " s";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        List<RunningPod> pods = Talk.onEachNode(scene, "outage");
        Talk.all(scene, findings, pods);
        Flows flows = Flows.between(scene, pods.get(0), pods.get(1));
        NodeSnapshots before = scene.snapshots();

        scene.lab().stopApiServer();
        Instant end = Instant.now().plus(outage);
        try {
            rest(outage.dividedBy(2));
            findings.expectNone("after half the time nothing on the nodes has changed", dataPath(scene, before));
            Duration back = Agents.killWithoutApiServer(pods.get(0).node());
            findings.millis("agent killed without an API server: serves pods again", back);
            JsonNode cni = scene.netbench()
                    .run(
                            pods.get(0).node(),
                            "cni",
                            "--conflist",
                            "/etc/cni/net.d/10-weft.conflist",
                            "--count",
                            String.valueOf(NEW_PODS),
                            "--parallel",
                            "2");
            findings.figure(
                    "pod links added without an API server",
                    cni.path("add").path("count").asInt(),
                    "");
            findings.figure(
                    "the slowest of them", cni.path("add").path("maxMicros").asDouble() / 1000, "ms");
            rest(Duration.between(Instant.now(), end));
            findings.expectNone("at the end nothing on the nodes has changed", dataPath(scene, before));
        } finally {
            scene.lab().startApiServer();
        }
        findings.millis(
                "Ready again after the API server's return",
                Scene.timed(() -> scene.weft().awaitReady(Scene.PATIENCE)));
        flows.stop(findings);
        Talk.all(scene, findings, pods);
        findings.expectNone("after the return nothing on the nodes has changed", dataPath(scene, before));
        scene.pods().deleteAll();
    }

    private static List<String> dataPath(Scene scene, NodeSnapshots before) {
        return scene.snapshots().changesSince(before, node -> node.only(NodeSnapshot.DATA_PATH));
    }

    /** The outage is a matter of time, not of a condition. */
    static void rest(Duration time) {
        Instant end = Instant.now().plus(time);
        while (Instant.now().isBefore(end)) {
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }
}
