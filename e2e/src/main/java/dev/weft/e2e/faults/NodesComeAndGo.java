package dev.weft.e2e.faults;

import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.RunningPod;
import dev.weft.e2e.process.CommandFailedException;
import java.util.List;

/** A node is removed, added, rebooted, and gets another address: the others' routes follow, and pods talk again. */
record NodesComeAndGo() implements Fault {
    @Override
    public String title() {
        return "nodes come and go";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        NodeName guest = scene.nodes().getLast().name();
        Node observer = scene.node(1);
        List<String> cidrs = scene.lab().podCidrs(guest);

        scene.step("  removing " + guest);
        scene.lab().removeNode(guest);
        findings.millis(
                "node removed: its routes are gone from others after",
                scene.await("the end of routes to " + guest, () -> noRoute(observer, cidrs)));
        findings.expect(
                "no forwarding entry to the removed node is left",
                !observer.exec("bridge", "fdb", "show").contains("dst " + guest.ipv4() + " "),
                observer.exec("bridge", "fdb", "show"));

        scene.step("  adding " + guest);
        scene.labs().addNode(scene.lab(), guest);
        List<String> newCidrs = scene.lab().podCidrs(guest);
        findings.millis(
                "node added: others have routes to it after (its registration)",
                scene.await("routes to " + guest, () -> routes(observer, newCidrs)));
        findings.millis(
                "node added: Ready after", Scene.timed(() -> scene.weft().awaitReady(Scene.PATIENCE)));
        List<RunningPod> pods = Talk.onEachNode(scene, "guests");
        Talk.all(scene, findings, pods);

        scene.step("  rebooting " + guest);
        findings.millis("node rebooted: Ready after", Scene.timed(() -> {
            scene.labs().reboot(scene.lab(), guest);
            scene.await(
                    "the agent of " + guest,
                    () -> scene.weft().agent(guest).roles().stream().allMatch(role -> role.ready()));
            scene.weft().awaitReady(Scene.PATIENCE);
        }));
        scene.pods().deleteAll();
        Talk.all(scene, findings, Talk.onEachNode(scene, "rebooted"));

        readdress(scene, findings, guest, observer);
        scene.pods().deleteAll();
    }

    private static void readdress(Scene scene, Findings findings, NodeName guest, Node observer) {
        scene.step("  giving " + guest + " other addresses");
        String ipv4 = "172.18.0.200";
        String ipv6 = "fd00:18::200";
        scene.lab().readdress(guest, ipv4, ipv6);
        scene.await(
                "the Node's own new address",
                () -> scene.lab().client().nodes().withName(guest.value()).get().getStatus().getAddresses().stream()
                        .anyMatch(address -> address.getAddress().equals(ipv4)));
        findings.millis(
                "node re-addressed: others send to the new address after (the Node's change)",
                scene.await(
                        "tunnels to the new address",
                        () -> observer.exec("bridge", "fdb", "show").contains("dst " + ipv4 + " ")
                                || observer.exec("ip", "route").contains("via " + ipv4 + " ")));
        scene.weft().awaitReady(Scene.PATIENCE);
        scene.pods().deleteAll();
        Talk.all(scene, findings, Talk.onEachNode(scene, "moved"));
        scene.lab().readdress(guest, guest.ipv4(), guest.ipv6());
        scene.await(
                "the first address again",
                () -> observer.exec("bridge", "fdb", "show").contains("dst " + guest.ipv4() + " ")
                        || observer.exec("ip", "route").contains("via " + guest.ipv4() + " "));
        scene.weft().awaitReady(Scene.PATIENCE);
    }

    private static boolean routes(Node node, List<String> cidrs) {
        return cidrs.stream().allMatch(cidr -> route(node, cidr).contains("proto 87"));
    }

    private static boolean noRoute(Node node, List<String> cidrs) {
        return cidrs.stream().allMatch(cidr -> route(node, cidr).isBlank());
    }

    private static String route(Node node, String cidr) {
        try {
            return node.exec("ip", cidr.contains(":") ? "-6" : "-4", "route", "show", cidr);
        } catch (CommandFailedException e) {
            return "";
        }
    }
}
