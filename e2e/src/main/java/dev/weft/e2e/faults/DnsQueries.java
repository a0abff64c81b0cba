package dev.weft.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.RunningPod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One pod a node that asks the DNS Service, 200 times a second, each time from a new socket and never twice. */
final class DnsQueries {
    /** Before and after what is done, so that a gap shows. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    private final Scene scene;
    private final Findings findings;
    private final String address;
    private final List<RunningPod> clients;

    private DnsQueries(Scene scene, Findings findings, String address, List<RunningPod> clients) {
        this.scene = scene;
        this.findings = findings;
        this.address = address;
        this.clients = clients;
    }

    /** @param address of the Service, with the port */
    static DnsQueries from(Scene scene, Findings findings, String address) {
        return new DnsQueries(
                scene,
                findings,
                address,
                scene.nodes().stream()
                        .map(n -> scene.pods().start("dns-client-" + n.name().value(), n.name()))
                        .toList());
    }

    /**
     * Asks on all nodes while something is done, and tells how that went.
     *
     * @param nothingLost whether each query must be answered, as opposed to each answer being right
     * @return how many queries were asked, by node
     */
    Map<String, Integer> during(String what, boolean nothingLost, Runnable work) {
        scene.step("  " + what);
        Map<String, Background> running = new TreeMap<>();
        for (RunningPod client : clients) {
            running.put(
                    client.node().name().value(),
                    Background.start(
                            "resolve",
                            client.node(),
                            scene.netbench().command("resolve", "--to", address, "--netns", client.netns())));
        }
        ApiServerAway.rest(MARGIN);
        try {
            findings.millis(what + ": took", Scene.timed(work));
        } catch (LabException e) {
            findings.failed(what + ": " + e.getMessage());
        }
        ApiServerAway.rest(MARGIN);
        Map<String, Integer> asked = new TreeMap<>();
        running.forEach((node, queries) -> {
            JsonNode seen = queries.stop();
            asked.put(node, seen.path("asked").asInt());
            tell(what + ", " + node, nothingLost, seen);
        });
        return asked;
    }

    private void tell(String what, boolean nothingLost, JsonNode seen) {
        int asked = seen.path("asked").asInt();
        int failed = asked - seen.path("answered").asInt();
        findings.figure(what + ": failed of " + asked + " queries", failed, "");
        findings.figure(what + ": slowest answer", seen.path("maxMillis").asDouble(), "ms");
        findings.figure(what + ": longest gap", seen.path("longestGapMillis").asDouble(), "ms");
        if (nothingLost || seen.path("wrong").asInt() > 0) {
            findings.expect(what + ": no query fails", failed == 0, seen.toString());
        }
    }
}
