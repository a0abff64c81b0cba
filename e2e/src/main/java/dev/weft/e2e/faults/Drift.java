package dev.weft.e2e.faults;

import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.RunningPod;
import dev.weft.e2e.process.CommandFailedException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Someone deletes or changes what Weft made, on a node and in the cluster: it comes back, and that is told. */
record Drift() implements Fault {
    /**
     * Something on a node.
     *
     * @param show lists things of its kind
     * @param filter which of them, an extended regular expression
     * @param damage does away with it; {@code $1} and so on are the words of its line
     * @param told what the Event says of it, {@code $1} as before
     */
    private record OnNode(String name, String show, String filter, String damage, String told) {}

    private static final List<OnNode> ON_NODE = List.of(
            new OnNode(
                    "route to another node, IPv4",
                    "ip -4 route show proto 87",
                    " via ",
                    "ip -4 route del $1",
                    "route $1 via"),
            new OnNode(
                    "route to another node, IPv6",
                    "ip -6 route show proto 87",
                    " via ",
                    "ip -6 route del $1",
                    "route $1 via"),
            new OnNode(
                    "route to a pod",
                    "ip -4 route show proto 87",
                    "^[^ ]+ dev weft[0-9a-f]{11}",
                    "ip -4 route del $1",
                    "route $1 dev weft"),
            new OnNode(
                    "FDB entry",
                    "bridge fdb show dev weft-vxlan",
                    " dst ",
                    "bridge fdb del $1 dev weft-vxlan dst $3",
                    "fdb $1 dst"),
            new OnNode(
                    "neighbour",
                    "ip -4 neighbour show dev weft-vxlan nud permanent",
                    "lladdr",
                    "ip -4 neighbour del $1 dev weft-vxlan",
                    "neighbour $1 lladdr"),
            new OnNode(
                    "vxlan link", "ip -o link show", "weft-vxlan", "ip link del weft-vxlan", "device weft-vxlan vni"),
            new OnNode(
                    "CNI configuration",
                    "ls /etc/cni/net.d",
                    "weft",
                    "rm /etc/cni/net.d/$1",
                    "/etc/cni/net.d/$1 was missing"),
            new OnNode("CNI program", "ls /opt/cni/bin", "^weft$", "rm /opt/cni/bin/$1", "/opt/cni/bin/$1 was missing"),
            new OnNode(
                    "nftables table",
                    "nft list tables",
                    "weft-cni",
                    "nft delete table inet weft-cni",
                    "table inet weft-cni"),
            new OnNode(
                    "forwarding",
                    "sysctl net.ipv4.ip_forward",
                    " = 1",
                    "sysctl -w net.ipv4.ip_forward=0",
                    "sysctl net/ipv4/ip_forward was 0"));

    /** Damages, and asks every 20 ms whether it is back; prints what it was and milliseconds. */
    private static final String SCRIPT = """
            show=$1 filter=$2 damage=$3 back=$4
            line=$(eval "$show" | grep -E -m 1 -- "$filter") || { echo "there is none"; exit 1; }
            set -- $line
            what=$1
            [ -n "$back" ] || back="^$what( |\\$)"
            eval "$damage" > /dev/null || exit 1
            start=$(date +%s%N)
            tries=0
            until eval "$show" 2> /dev/null | grep -qE -- "$back"; do
              tries=$((tries + 1))
              [ $tries -lt 5000 ] || { echo "not back"; exit 1; }
              sleep 0.02
            done
            echo "$what $((($(date +%s%N) - start) / 1000000))"
            """;

    @Override
    public String title() {
        return "drift";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        List<RunningPod> pods = Talk.onEachNode(scene, "drift");
        Flows flows = Flows.between(scene, pods.get(0), pods.get(1));
        NodeSnapshots before = scene.snapshots();
        Node node = pods.get(1).node();
        ON_NODE.forEach(thing -> damage(scene, findings, node, thing));
        flows.stop(findings);
        told(scene, findings, node);

        ClusterDrift drift = new ClusterDrift(scene, findings);
        drift.agents();
        findings.expectNone("all is as before on the nodes", lastingChanges(scene, before));
        drift.dns();
        Talk.all(scene, findings, pods);
        scene.pods().deleteAll();
    }

    /** What is still different when all had time to come back. */
    private static List<String> lastingChanges(Scene scene, NodeSnapshots before) {
        try {
            scene.await(
                    "the nodes as before",
                    Duration.ofMinutes(1),
                    () -> differences(scene, before).isEmpty());
        } catch (LabException e) {
            scene.step("  " + e.getMessage());
        }
        return differences(scene, before);
    }

    private static List<String> differences(Scene scene, NodeSnapshots before) {
        return scene.snapshots().changesSince(before).stream()
                .filter(Drift::lasting)
                .toList();
    }

    /**
     * New links have new link-local addresses, an agent that stops makes a new end for probes at its next start, and its
     * first heartbeat comes a while after that.
     */
    private static boolean lasting(String change) {
        return Stream.of("fe80", "weft-probe", "/run/weft/heartbeat").noneMatch(change::contains);
    }

    private void damage(Scene scene, Findings findings, Node node, OnNode thing) {
        scene.step("  " + thing.name());
        String back = thing.damage().contains("$1") ? "" : thing.filter();
        try {
            String[] answer = node.exec(
                            "bash", "-c", SCRIPT, "damage", thing.show(), thing.filter(), thing.damage(), back)
                    .strip()
                    .split(" ");
            findings.millis(thing.name() + " back after", Duration.ofMillis(Long.parseLong(answer[1])));
            expectEvent(scene, findings, thing.name(), thing.told().replace("$1", answer[0]));
        } catch (CommandFailedException | LabException | NumberFormatException e) {
            findings.failed(thing.name() + " comes back: no, " + e.getMessage());
        }
    }

    private static void expectEvent(Scene scene, Findings findings, String name, String word) {
        try {
            findings.note("Event, " + name, scene.awaitEvent("Restored", word));
        } catch (LabException e) {
            findings.failed("an Event tells of " + name + ": no, there are " + scene.events("Restored"));
        }
    }

    /** The operator asks the agents every 30 seconds in quiet times. */
    private static void told(Scene scene, Findings findings, Node node) {
        String begin = "repaired on " + node.name() + ": ";
        Duration time = scene.await(
                "the status to tell of the repair", () -> message(scene).contains(begin));
        findings.millis("status tells of it after", time);
        findings.note("status, components[0].message", message(scene));
    }

    private static String message(Scene scene) {
        return scene.weft().resource().orElseThrow().getStatus().components().stream()
                .map(component -> component.message())
                .findFirst()
                .orElse("");
    }
}
