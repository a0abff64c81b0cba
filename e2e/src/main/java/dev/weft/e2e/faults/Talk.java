package dev.weft.e2e.faults;

import dev.weft.e2e.lab.RunningPod;
import java.util.ArrayList;
import java.util.List;

/** Whether pods reach each other, over each family. */
final class Talk {
    private Talk() {}

    /** Expects that each pod reaches all the others; a slow cluster gets some time. */
    static void all(Scene scene, Findings findings, List<RunningPod> pods) {
        for (RunningPod from : pods) {
            for (RunningPod to : pods) {
                if (!from.equals(to)) {
                    to.addresses().forEach(address -> one(scene, findings, from, to, address));
                }
            }
        }
    }

    private static void one(Scene scene, Findings findings, RunningPod from, RunningPod to, String address) {
        String claim = "%s on %s reaches %s on %s at %s"
                .formatted(from.name(), from.node().name(), to.name(), to.node().name(), address);
        try {
            scene.await(claim, () -> from.reaches(address, Pods.PORT));
            findings.expect(claim, true, "");
        } catch (RuntimeException e) {
            findings.failed(claim + ": no");
        }
    }

    /** Starts a server on every node; the names begin with the prefix. */
    static List<RunningPod> onEachNode(Scene scene, String prefix) {
        List<RunningPod> pods = new ArrayList<>();
        scene.nodes().forEach(node -> scene.pods().create(Pods.server(prefix + "-" + node.name(), node.name())));
        scene.nodes().forEach(node -> pods.add(scene.pods().awaitReady(prefix + "-" + node.name(), node.name())));
        return pods;
    }
}
