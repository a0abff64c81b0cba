package dev.weft.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.bench.Netbench;
import dev.weft.e2e.lab.RunningPod;
import java.time.Duration;
import java.util.List;

/**
 * Traffic that goes on until it is stopped: a message each 50 ms from one pod to another and back. It needs nothing of
 * the cluster, so that it goes on while the API server is away.
 */
final class Flow {
    /** Where {@code netbench serve} listens in the pods that are talked to. */
    static final int PORT = 7000;

    private final String name;
    private final Background program;

    private Flow(String name, Background program) {
        this.name = name;
        this.program = program;
    }

    /**
     * @param sent messages, from the first answer on
     * @param lost of these, the ones without an answer
     * @param longestGap the longest time in which no answer came; about 50 ms when all is well
     * @param broken why a TCP connection ended, or empty
     */
    record Result(int sent, int lost, Duration longestGap, String broken) {}

    /**
     * Begins to send.
     *
     * @param name for figures
     * @param protocol {@code udp}, or {@code tcp} for one long connection
     */
    static Flow start(String name, Netbench netbench, RunningPod from, String protocol, String address) {
        String target = address.contains(":") ? "[" + address + "]:" + PORT : address + ":" + PORT;
        List<String> command =
                netbench.command("flow", "--to", target, "--netns", from.netns(), "--protocol", protocol);
        return new Flow(name, Background.start("flow", from.node(), command));
    }

    /** Makes a pod answer flows. The server goes with its node, or when it is stopped. */
    static Background serve(Netbench netbench, RunningPod pod) {
        return serve(netbench, pod, PORT);
    }

    /** Makes a pod answer flows at another port. */
    static Background serve(Netbench netbench, RunningPod pod, int port) {
        return Background.start(
                        "serve", pod.node(), netbench.command("serve", "--listen", ":" + port, "--netns", pod.netns()))
                .awaitOutput("ready");
    }

    /** Ends it and tells the figures; expects that the connection lived and, if asked for, that nothing was lost. */
    Result stop(Findings findings) {
        Result result = stop();
        findings.figure(name + ": messages lost of " + result.sent(), result.lost(), "");
        findings.millis(name + ": longest gap", result.longestGap());
        findings.expect(name + ": the connection lives", result.broken().isEmpty(), result.broken());
        return result;
    }

    Result stop() {
        JsonNode json = program.stop();
        return new Result(
                json.path("sent").asInt(),
                json.path("lost").asInt(),
                Duration.ofNanos((long) (json.path("longestGapMillis").asDouble() * 1e6)),
                json.path("broken").asText(""));
    }
}
