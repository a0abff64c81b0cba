package dev.weft.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.process.Commands;
import dev.weft.e2e.process.Progress;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Throughput and latency of TCP between pods, on Weft's links and on the same links set up by hand: a veth pair a pod
 * with a /32 route to it, and between the nodes a VXLAN or a route.
 */
final class LinkSpeed {
    private static final int PORT = 5301;
    private static final String HAND = "by hand";
    /** Short, with many turns: what else the machine does then falls on both alike. */
    private static final String SECONDS = "1";

    private static final int TURNS = 6;

    private final Node near;
    private final Node far;
    private final String routing;
    private final Netbench client;
    private final Netbench server;
    private final Measurements measurements;
    private final Progress progress;

    LinkSpeed(Node near, Node far, String routing, Netbench netbench, Measurements measurements, Progress progress) {
        this.near = near;
        this.far = far;
        this.routing = routing;
        int last = Runtime.getRuntime().availableProcessors() - 1;
        this.client = netbench.pinned(last);
        this.server = netbench.pinned(Math.max(0, last - 1));
        this.measurements = measurements;
        this.progress = progress;
    }

    /** Measures all paths in turn, several times. Pods are made before and removed after. */
    void run(int rounds) {
        HandMadeLinks hand = new HandMadeLinks(near, far, routing);
        hand.create();
        String client = addPod(near, "wa");
        String same = addPod(near, "wb");
        String across = addPod(far, "wc");
        serve(near, "wb");
        serve(far, "wc");
        serve(near, "hb");
        serve(far, "hc");
        progress.step("pods with addresses " + client + ", " + same + ", " + across + " beside links by hand");
        for (int round = 1; round <= rounds; round++) {
            progress.step(routing + ": TCP between pods, round " + round + " of " + rounds);
            for (int turn = 1; turn <= TURNS; turn++) {
                // Who comes first may find the processor cooler; they take turns.
                boolean handFirst = turn % 2 == 0;
                if (routing.equals("VXLAN")) { // the same node's path has no routing in it
                    both("same node", same, HandMadeLinks.SAME, handFirst);
                }
                both("across, " + routing, across, HandMadeLinks.ACROSS, handFirst);
            }
        }
        near.kill("netbench-wb");
        far.kill("netbench-wc");
        near.kill("netbench-hb");
        far.kill("netbench-hc");
        removePod(near, "wa");
        removePod(near, "wb");
        removePod(far, "wc");
        hand.remove();
    }

    private void both(String path, String weft, String hand, boolean handFirst) {
        for (boolean byHand : new boolean[] {handFirst, !handFirst}) {
            if (byHand) {
                measure(path, HAND, "ha", hand);
            } else {
                measure(path, Measurements.WEFT, "wa", weft);
            }
        }
    }

    private void measure(String path, String who, String from, String to) {
        String netns = netns(from);
        JsonNode stream = client.run(near, "stream", "--netns", netns, "--to", to + ":" + PORT, "--seconds", SECONDS);
        measurements.add(
                Metric.higher("TCP stream, " + path, "Gbit/s"),
                who,
                stream.path("gbitPerSecond").asDouble());
        JsonNode rr = client.run(near, "rr", "--netns", netns, "--to", to + ":" + PORT, "--seconds", SECONDS);
        measurements.add(
                Metric.lower("TCP request/response p50, " + path, "us"),
                who,
                rr.path("p50Micros").asDouble());
        measurements.add(
                Metric.lower("TCP request/response p99, " + path, "us"),
                who,
                rr.path("p99Micros").asDouble());
    }

    private void serve(Node node, String pod) {
        String program = "netbench-" + pod;
        node.start(program, server.command("serve", "--netns", netns(pod), "--listen", "0.0.0.0:" + PORT));
        Commands.run(
                "sh",
                "-c",
                "for i in $(seq 100); do grep -q ready '" + node.log(program) + "' && exit 0; sleep 0.1; done; exit 1");
    }

    /** Makes a network namespace and has Weft's plugin link it, as a container runtime does. Returns its IPv4 address. */
    private static String addPod(Node node, String pod) {
        node.exec("ip", "netns", "add", "nb-" + pod);
        String result = plugin(node, "ADD", pod);
        try {
            for (JsonNode ip : new ObjectMapper().readTree(result).path("ips")) {
                String address = ip.path("address").asText();
                if (!address.contains(":")) {
                    return address.substring(0, address.indexOf('/'));
                }
            }
        } catch (IOException e) {
            throw new LabException("the plugin printed no JSON but: " + result, e);
        }
        throw new LabException("the pod has no IPv4 address: " + result);
    }

    private static void removePod(Node node, String pod) {
        plugin(node, "DEL", pod);
        node.exec("ip", "netns", "del", "nb-" + pod);
    }

    private static String plugin(Node node, String verb, String pod) {
        return Commands.run(
                node.enter(List.of(
                        "env",
                        "CNI_COMMAND=" + verb,
                        "CNI_CONTAINERID=netbench-" + pod,
                        "CNI_NETNS=" + netns(pod),
                        "CNI_IFNAME=eth0",
                        "CNI_PATH=/opt/cni/bin",
                        "/opt/cni/bin/weft")),
                Map.of(),
                "{\"cniVersion\":\"1.0.0\",\"name\":\"weft\",\"type\":\"weft\"}");
    }

    private static String netns(String pod) {
        return "/run/netns/nb-" + pod;
    }
}
