package dev.weft.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.RunningPod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * WebSockets from all nodes stay open through the ingress proxies, and their messages come back, while endpoints of other
 * Services, routes, and the host's own certificate change. When the proxies are rolled over, each WebSocket goes on as long
 * as the old proxy may, and is closed then.
 *
 * @param count how many, from all nodes together
 */
record IngressSockets(int count) implements Fault {
    private static final String NAME = "fault-socket";
    private static final int SERVERS_A_NODE = 2;
    /** What netbench's server answers to what is no WebSocket. */
    private static final int NO_SOCKET = 400;

    private static final Duration STORM = Duration.ofSeconds(20);
    private static final int CERTIFICATES = 5;
    /** For all to send once more: netbench does so each 20 s. */
    private static final Duration ROUND = Duration.ofSeconds(25);

    @Override
    public String title() {
        return count + " WebSockets through ingress";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        IngressProxies.install(scene);
        IngressTarget target = IngressTarget.create(scene, NAME, ServiceTarget.PORT);
        List<Background> servers = serve(scene, target);
        scene.nodes().forEach(node -> IngressTarget.awaitAnswers(scene, node, "http", target.host(), "/", NO_SOCKET));
        tellMemory(scene, findings, "before");
        scene.step("  " + count + " WebSockets");
        List<Background> clients =
                scene.nodes().stream().map(node -> open(scene, node, target)).toList();
        findings.millis("all opened within", Scene.timed(() -> clients.forEach(client -> client.awaitOutput("ready"))));
        ApiServerAway.rest(ROUND);
        tellMemory(scene, findings, "with WebSockets");
        scene.step("  endpoints, routes and certificates change");
        change(scene, target);
        ApiServerAway.rest(ROUND);
        tellMemory(scene, findings, "after the changes");
        scene.step("  rolling restart of the proxies");
        Instant restart = Instant.now();
        IngressProxies.rollOver(scene);
        List<JsonNode> seen = clients.stream().map(Background::stop).toList();
        tell(
                findings,
                SocketsSeen.of(seen),
                restart,
                each(scene) * scene.nodes().size());
        servers.forEach(Background::end);
        target.delete(scene);
        scene.pods().deleteAll();
        IngressProxies.remove(scene);
    }

    private static List<Background> serve(Scene scene, IngressTarget target) {
        List<Background> servers = new ArrayList<>();
        for (Node node : scene.nodes()) {
            for (int i = 0; i < SERVERS_A_NODE; i++) {
                RunningPod pod = target.service().start(scene, "socket-" + i + "-" + node.name(), node.name());
                servers.add(Background.start(
                                "web-echo",
                                node,
                                scene.netbench()
                                        .command(
                                                "web-echo",
                                                "--listen",
                                                ":" + ServiceTarget.PORT,
                                                "--netns",
                                                pod.netns()))
                        .awaitOutput("ready"));
            }
        }
        return servers;
    }

    private Background open(Scene scene, Node node, IngressTarget target) {
        return Background.start(
                "sockets",
                node,
                scene.netbench()
                        .command(
                                "sockets",
                                "--to",
                                String.join(",", target.addresses(scene, "http")),
                                "--host",
                                target.host(),
                                "--count",
                                String.valueOf(each(scene))));
    }

    private static void change(Scene scene, IngressTarget target) {
        Background endpoints = ServicesKept.changeOthers(scene);
        RouteStorm storm = new RouteStorm(scene, target);
        storm.run(STORM);
        for (int i = 0; i < CERTIFICATES; i++) {
            target.show(scene, HostCertificate.make(target.host()));
        }
        storm.delete();
        endpoints.end();
        ServicesKept.deleteOthers(scene);
    }

    private static void tellMemory(Scene scene, Findings findings, String when) {
        scene.nodes()
                .forEach(node -> findings.figure(
                        "resident memory of proxies on " + node.name() + ", " + when,
                        ProcessMemory.megabytes(node, "[@]/app/weft-ingress"),
                        "MB"));
    }

    /** How many of them a node opens. */
    private int each(Scene scene) {
        return count / scene.nodes().size();
    }

    private static void tell(Findings findings, SocketsSeen seen, Instant restart, int wanted) {
        findings.figure("messages echoed", seen.echoed(), "");
        findings.figure("slowest echo", seen.slowestMillis(), "ms");
        findings.expect(
                "all WebSockets are opened",
                seen.failed() == 0 && seen.opened() == wanted,
                "%d, and %d are not: %s".formatted(seen.opened(), seen.failed(), seen.firstErrors()));
        findings.figure("lost before the restart", seen.endedBefore(restart), "");
        findings.expect("none is lost before the restart", seen.endedBefore(restart) == 0, seen.toString());
        findings.expect("each echoes again and again", seen.echoed() >= 3 * seen.opened(), seen.toString());
        findings.expect("no message stays without an echo", seen.broken() == 0, seen.toString());
        Instant drained = restart.plus(IngressProxies.DRAIN);
        findings.expect(
                "each goes on for " + IngressProxies.DRAIN.toSeconds() + " s after its proxy was told to stop",
                seen.endedBefore(drained) == 0,
                seen.toString());
        seen.firstEnd()
                .ifPresent(first -> findings.millis("from restart to the first end", Duration.between(restart, first)));
        seen.lastEnd()
                .ifPresent(last -> findings.millis("from restart to the last end", Duration.between(restart, last)));
        seen.ways().forEach((how, ended) -> findings.figure("ended: " + how, ended, ""));
        findings.expect("all end with their proxies", seen.open() == 0, seen.open() + " are open");
    }
}
