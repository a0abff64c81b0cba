package dev.weft.e2e.faults;

import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.RunningPod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A pod tries without end to open connections to servers that it may reach and to servers that it may not, by its own
 * policy or by theirs, on its node and on another, while agents are killed, deleted and replaced by another version. Nothing
 * allowed is lost and nothing forbidden gets through.
 *
 * @param next the release to go to, and back
 * @param kills of each node's agent
 */
record PoliciesKept(String next, int kills) implements Fault {
    /** Between two connections to an address, and two datagrams. */
    private static final String INTERVAL = "20ms";

    @Override
    public String title() {
        return "policies while agents come and go";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        List<Background> servers = new ArrayList<>();
        List<RunningPod> opened = Judged.OPEN.serveOnEachNode(scene, servers);
        List<String> open = Judged.doors(opened);
        List<String> closed = new ArrayList<>(Judged.doors(Judged.CLOSED.serveOnEachNode(scene, servers)));
        closed.addAll(Judged.doors(Judged.GUARDED.serveOnEachNode(scene, servers)));
        Node home = scene.node(1);
        scene.pods().create(Judged.CLIENT.label(Pods.idle("client", home.name())));
        RunningPod client = scene.pods().awaitReady("client", home.name());
        Judged.apply(scene);
        scene.await("the policies to be in force", () -> closed(scene, client, closed));
        Background knock = Background.start(
                "knock",
                home,
                scene.netbench()
                        .command(
                                "knock",
                                "--to",
                                String.join(",", open) + "," + String.join(",", closed),
                                "--netns",
                                client.netns(),
                                "--interval",
                                INTERVAL));
        List<Flow> flows = opened.getLast().addresses().stream()
                .map(address -> Flow.start("long connection, " + address, scene.netbench(), client, "tcp", address))
                .toList();
        ApiServerAway.rest(Duration.ofSeconds(5));
        scene.step("  " + kills + " times kill -9 on each node");
        for (int i = 0; i < kills; i++) {
            scene.nodes().forEach(Agents::kill);
        }
        scene.step("  pods of agents deleted");
        Agents.replace(scene);
        scene.step("  upgrade to " + next + " and back");
        Agents.upgrade(scene, next);
        Agents.upgrade(scene, scene.release().version());
        ApiServerAway.rest(Duration.ofSeconds(5));
        flows.forEach(flow -> flow.stop(findings));
        tell(findings, Door.read(knock.stop()), closed);
        servers.forEach(Background::end);
        Judged.delete(scene);
        scene.pods().deleteAll();
    }

    /** Whether all of them are closed for a second. */
    private static boolean closed(Scene scene, RunningPod client, List<String> doors) {
        return Door.read(scene.netbench()
                        .run(
                                client.node(),
                                "knock",
                                "--to",
                                String.join(",", doors),
                                "--netns",
                                client.netns(),
                                "--seconds",
                                "1"))
                .stream()
                .noneMatch(Door::open);
    }

    private static void tell(Findings findings, List<Door> seen, List<String> closed) {
        List<Door> forbidden =
                seen.stream().filter(door -> closed.contains(door.to())).toList();
        List<Door> allowed =
                seen.stream().filter(door -> !closed.contains(door.to())).toList();
        findings.figure("allowed: connections and datagrams", sum(allowed), "");
        findings.figure("allowed: lost", allowed.stream().mapToInt(Door::lost).sum(), "");
        findings.figure("forbidden: connections and datagrams", sum(forbidden), "");
        findings.figure(
                "forbidden: got through",
                forbidden.stream()
                        .mapToInt(door -> door.connected() + door.refused() + door.answered())
                        .sum(),
                "");
        findings.expectNone(
                "nothing allowed is lost",
                allowed.stream().filter(door -> door.lost() > 0).map(Door::told).toList());
        findings.expectNone(
                "nothing forbidden gets through",
                forbidden.stream().filter(Door::open).map(Door::told).toList());
        findings.expect("something was tried", sum(allowed) > 0 && sum(forbidden) > 0, "nothing was");
    }

    private static int sum(List<Door> doors) {
        return doors.stream()
                .mapToInt(door -> door.connections() + door.datagrams())
                .sum();
    }
}
