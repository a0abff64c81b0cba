package dev.weft.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.RunningPod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * New and long connections go through a Service, by its addresses and by a node port, over both families, while agents are
 * killed, deleted and replaced by another version, and while endpoints of other Services change. None of them fails.
 *
 * @param next the release to go to, and back
 * @param kills of each node's agent
 */
record ServicesKept(String next, int kills) implements Fault {
    private static final int RATE = 1000;
    private static final int LONG = 200;
    private static final int OTHERS = 200;
    private static final int CHANGES_PER_SECOND = 10;

    @Override
    public String title() {
        return "connections through Services while agents come and go";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        ServiceTarget target = ServiceTarget.create(scene, "kept", "TCP", ServiceTarget.PORT);
        List<Background> servers = new ArrayList<>();
        for (Node node : scene.nodes()) {
            for (int i = 0; i < 2; i++) {
                RunningPod pod = target.start(scene, "kept-" + i + "-" + node.name(), node.name());
                servers.add(Flow.serve(scene.netbench(), pod));
            }
        }
        RunningPod client = scene.pods().start("kept-client", scene.node(1).name());
        Background changes = changeOthers(scene);
        List<String> addresses = new ArrayList<>(target.clusterIps());
        addresses.addAll(target.nodePorts(scene.nodes().getLast().name()));
        for (String address : addresses) {
            scene.await("the Service to answer at " + address, () -> reaches(client, address));
        }
        Background load = Background.start(
                "load",
                client.node(),
                scene.netbench()
                        .command(
                                "load",
                                "--to",
                                String.join(",", addresses),
                                "--netns",
                                client.netns(),
                                "--rate",
                                String.valueOf(RATE),
                                "--long",
                                String.valueOf(LONG)));
        ApiServerAway.rest(Duration.ofSeconds(5));
        scene.step("  " + kills + " times kill -9 on each node");
        for (int i = 0; i < kills; i++) {
            for (Node node : scene.nodes()) {
                Duration back = Agents.kill(node);
                if (i == 0) {
                    findings.millis("agent of " + node.name() + " ready again after a kill", back);
                }
            }
        }
        scene.step("  pods of agents deleted");
        Agents.replace(scene);
        scene.step("  upgrade to " + next + " and back");
        Agents.upgrade(scene, next);
        Agents.upgrade(scene, scene.release().version());
        ApiServerAway.rest(Duration.ofSeconds(5));
        JsonNode seen = load.stop();
        JsonNode changed = changes.stop();
        tell(findings, seen);
        findings.figure(
                "changes of other Services meanwhile", changed.path("changes").asInt(), "");
        servers.forEach(Background::end);
        target.delete(scene);
        deleteOthers(scene);
        scene.pods().deleteAll();
    }

    private static boolean reaches(RunningPod client, String address) {
        client.exec(client.node().kubernetesProgram("agnhost"), "connect", "--timeout=1s", address);
        return true;
    }

    /** Other Services, whose endpoints change until this is stopped. */
    static Background changeOthers(Scene scene) {
        Node node = scene.node(1);
        String kubeconfig = scene.lab().paths().kubeconfig("admin").toString();
        String others = String.valueOf(OTHERS);
        scene.netbench().run(node, "services-write", "--kubeconfig", kubeconfig, "--count", others);
        return Background.start(
                "changes",
                node,
                scene.netbench()
                        .command(
                                "services-churn",
                                "--kubeconfig",
                                kubeconfig,
                                "--count",
                                others,
                                "--watch=false",
                                "--rate",
                                String.valueOf(CHANGES_PER_SECOND),
                                "--seconds",
                                "3600"));
    }

    static void deleteOthers(Scene scene) {
        scene.lab().client().namespaces().withName("netbench").delete();
    }

    private static void tell(Findings findings, JsonNode seen) {
        int total = 0;
        for (JsonNode target : seen.path("targets")) {
            String to = target.path("to").asText();
            total += target.path("connections").asInt();
            findings.figure(to + ": connections", target.path("connections").asInt(), "");
            findings.figure(
                    to + ": p99 until answered",
                    target.path("took").path("p99Micros").asDouble() / 1000,
                    "ms");
            findings.figure(
                    to + ": longest until answered",
                    target.path("took").path("maxMicros").asDouble() / 1000,
                    "ms");
            findings.figure(
                    to + ": longest wait on a long connection",
                    target.path("longGapMillis").asDouble(),
                    "ms");
            long failed = IntStream.of(
                            target.path("refused").asInt(),
                            target.path("reset").asInt(),
                            target.path("timedOut").asInt(),
                            target.path("other").asInt(),
                            target.path("longBroken").asInt())
                    .sum();
            findings.expect(to + ": no connection fails", failed == 0, target.toString());
        }
        findings.figure("new connections a second", total / seen.path("seconds").asDouble(), "1/s");
    }
}
