package dev.weft.e2e.faults;

import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.RunningPod;
import dev.weft.e2e.weft.Weft;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Weft is taken away, in one of several orders, and the nodes are as before it came. It is not installed at the start. */
record Uninstall(Order order) implements Fault {
    /** What is deleted first. */
    enum Order {
        /** As the manual says. */
        RESOURCE,
        /** The same, by a tool that asks for the end of all that belongs to it first. */
        FOREGROUND,
        /** The namespace of operator and agents, with the ClusterNetwork after it. */
        NAMESPACE,
        /** The ClusterNetwork, while one node is off. */
        NODE_DOWN
    }

    private static final Duration BOUND = Duration.ofMinutes(4);

    @Override
    public String title() {
        return switch (order) {
            case RESOURCE -> "uninstall";
            case FOREGROUND -> "uninstall in the foreground";
            case NAMESPACE -> "uninstall, namespace first";
            case NODE_DOWN -> "uninstall, one node down";
        };
    }

    @Override
    public void run(Scene scene, Findings findings) {
        remove(scene);
        NodeSnapshots before = scene.snapshots();
        Map<String, Map<String, String>> labels = labels(scene);
        findings.figure("lines compared", before.lines(), "");
        findings.millis("install to Ready", scene.install());
        List<RunningPod> pods = Talk.onEachNode(scene, "uninstall");
        Talk.all(scene, findings, pods);
        scene.pods().start("uninstall-port", scene.node(1).name(), 18080);
        scene.pods().deleteAll();
        Duration time = switch (order) {
            case RESOURCE -> Scene.timed(() -> deleteResource(scene));
            case FOREGROUND -> Scene.timed(() -> deleteResource(scene, "--cascade=foreground"));
            case NAMESPACE ->
                Scene.timed(() -> {
                    scene.kubectl().run("delete", "namespace", Weft.NAMESPACE, "--timeout=240s");
                    deleteResource(scene);
                });
            case NODE_DOWN -> withNodeDown(scene, findings, before);
        };
        findings.millis("uninstalled after", time);
        findings.expect("it ends within " + BOUND.toSeconds() + " s", time.compareTo(BOUND) < 0, time.toString());
        if (order == Order.NAMESPACE) {
            // Agents clean up while their pods end, which kubectl does not wait for to the last moment.
            scene.await(
                    "clean nodes", () -> scene.snapshots().changesSince(before).isEmpty());
        }
        // Pods of the clean-up end after their DaemonSet, and what the garbage collector takes goes after its owner.
        scene.await("the end of all objects", () -> leftovers(scene).isEmpty());
        List<String> changes = scene.snapshots().changesSince(before).stream()
                .filter(line -> order != Order.NODE_DOWN || !ofNewUplink(scene, line))
                .toList();
        findings.expectNone("nodes are as before, line by line", changes);
        findings.expect(
                "labels of the nodes are as before",
                labels(scene).equals(labels),
                labels(scene).toString());
        findings.expectNone("no object of the operator's making is left", leftovers(scene));
    }

    /** A node that was switched off has got a new uplink from the lab, with an address and counters of its own. */
    private static boolean ofNewUplink(Scene scene, String line) {
        return line.startsWith(scene.nodes().getLast().name().value() + " ") && line.contains("eth0");
    }

    /** Takes the ClusterNetwork away, if there is one. */
    static void remove(Scene scene) {
        if (scene.weft().known()) {
            deleteResource(scene);
        }
    }

    private static void deleteResource(Scene scene) {
        deleteResource(scene, "--cascade=background");
    }

    private static void deleteResource(Scene scene, String cascade) {
        scene.kubectl().run("delete", "cn", "default", "--ignore-not-found", "--timeout=300s", cascade);
    }

    private static Duration withNodeDown(Scene scene, Findings findings, NodeSnapshots before) {
        NodeName down = scene.nodes().getLast().name();
        scene.lab().powerOff(down);
        scene.await(
                down + " to be seen as not ready",
                () -> !scene.condition("Ready").isEmpty()
                        && scene
                                .lab()
                                .client()
                                .nodes()
                                .withName(down.value())
                                .get()
                                .getStatus()
                                .getConditions()
                                .stream()
                                .noneMatch(c -> c.getType().equals("Ready")
                                        && c.getStatus().equals("True")));
        Duration time = Scene.timed(() -> deleteResource(scene));
        List<String> blockers = scene.events("NodesNotCleaned").stream()
                .filter(m -> m.contains(down.value()))
                .toList();
        findings.expect("an Event names the node that was not cleaned", !blockers.isEmpty(), "there is none");
        blockers.forEach(message -> findings.note("Event, blocker", message));
        scene.labs().reboot(scene.lab(), down);
        List<String> left = scene.snapshots().changesSince(before.only(down));
        findings.figure("lines left on the node that was off", left.size(), "");
        findings.note("left on " + down, String.join("\n    ", left));
        // The next installation takes over what is left, and takes it away in the end.
        scene.install();
        deleteResource(scene);
        return time;
    }

    private static Map<String, Map<String, String>> labels(Scene scene) {
        Map<String, Map<String, String>> labels = new TreeMap<>();
        scene.lab().client().nodes().list().getItems().forEach(node -> {
            Map<String, String> ours = new TreeMap<>(node.getMetadata().getLabels());
            ours.putAll(node.getMetadata().getAnnotations());
            ours.keySet().removeIf(key -> !key.startsWith("weft.dev/"));
            labels.put(node.getMetadata().getName(), ours);
        });
        return labels;
    }

    private static List<String> leftovers(Scene scene) {
        String found = scene.kubectl()
                .run(
                        "get",
                        "pods,daemonsets,deployments,services,poddisruptionbudgets,configmaps,serviceaccounts,"
                                + "rolebindings,clusterroles,clusterrolebindings,ingressclasses",
                        "--all-namespaces",
                        "--selector=app.kubernetes.io/managed-by=weft-operator",
                        "--output=name",
                        "--ignore-not-found");
        return found.lines().filter(line -> !line.isBlank()).toList();
    }
}
