package dev.weft.e2e.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.bench.Netbench;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Traffic that goes on until it is stopped: a message each 50 ms from one pod to another and back. It needs nothing of
 * the cluster, so that it goes on while the API server is away.
 */
final class Flow {
    /** Where {@code netbench serve} listens in the pods that are talked to. */
    static final int PORT = 7000;

    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Node node;
    private final String program;

    private Flow(String name, Node node, String program) {
        this.name = name;
        this.node = node;
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
        String program = "flow-" + COUNT.incrementAndGet();
        String target = address.contains(":") ? "[" + address + "]:" + PORT : address + ":" + PORT;
        from.node()
                .start(
                        program,
                        netbench.command("flow", "--to", target, "--netns", from.netns(), "--protocol", protocol));
        return new Flow(name, from.node(), program);
    }

    /** Makes a pod answer flows. */
    static void serve(Netbench netbench, RunningPod pod) {
        pod.node()
                .start(
                        "serve-" + COUNT.incrementAndGet(),
                        netbench.command("serve", "--listen", ":" + PORT, "--netns", pod.netns()));
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
        node.exec("sh", "-c", "kill -TERM $(cat /run/" + program + ".pid) || true");
        Wait.until(
                "the figures of flow " + name, PATIENCE, POLL, () -> !lastLine().isEmpty());
        String line = lastLine();
        if (!line.startsWith("{")) {
            throw new LabException("flow " + name + ": " + line);
        }
        try {
            JsonNode json = JSON.readTree(line);
            return new Result(
                    json.path("sent").asInt(),
                    json.path("lost").asInt(),
                    Duration.ofNanos((long) (json.path("longestGapMillis").asDouble() * 1e6)),
                    json.path("broken").asText(""));
        } catch (JsonProcessingException e) {
            throw new LabException("flow " + name + " printed no JSON but: " + line, e);
        }
    }

    private String lastLine() {
        try {
            List<String> lines = Files.readAllLines(node.log(program));
            return lines.isEmpty() ? "" : lines.getLast();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
