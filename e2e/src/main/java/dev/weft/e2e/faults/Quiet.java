package dev.weft.e2e.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.lab.LabException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Nothing happens, and so nothing is written: the API server's audit log shows no write by the operator or the agents but
 * the renewals of the leader's lease.
 *
 * @param time for how long
 */
record Quiet(Duration time) implements Fault {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OURS = "system:serviceaccount:weft-system:";

    /** The last thing that an installation writes by itself: round-trip times, once its agents are that old. */
    private static final Duration AGENTS_SETTLE = Duration.ofMinutes(4);

    private static final Duration SETTLING = Duration.ofMinutes(6);

    /** How long all must have been still before the time begins: what went before ends in its own time. */
    private static final Duration SETTLED = Duration.ofSeconds(20);

    @Override
    public String title() {
        return "quiet for " + time.toSeconds() + " s";
    }

    private record Write(Instant at, String user, String verb, String resource, String uri) {
        boolean renewsLease() {
            return resource.equals("leases");
        }

        @Override
        public String toString() {
            return at + " " + user + " " + verb + " " + uri;
        }
    }

    @Override
    public void run(Scene scene, Findings findings) {
        scene.weft().awaitReady(Scene.PATIENCE);
        if (time.compareTo(AGENTS_SETTLE) >= 0) {
            scene.await(
                    "round-trip times in the status",
                    SETTLING,
                    () -> scene.weft()
                            .resource()
                            .map(cn -> cn.getStatus())
                            .map(status -> status.connectivity())
                            .filter(connectivity -> connectivity.rttP50Micros() > 0)
                            .isPresent());
        }
        // Repairs of an earlier fault stay in the status for ten minutes, so their end would be a write in the quiet
        // time.
        scene.await("the last writes of what went before", () -> {
            Instant since = Instant.now().minus(SETTLED);
            return writes(scene, since).stream().allMatch(Write::renewsLease);
        });
        Instant begin = Instant.now();
        ApiServerAway.rest(time);
        List<Write> writes = writes(scene, begin);
        List<String> changes = writes.stream()
                .filter(w -> !w.renewsLease())
                .map(Write::toString)
                .toList();
        findings.figure("seconds without anything to do", (double) time.toSeconds(), "s");
        findings.figure("writes by operator and agents", changes.size(), "");
        findings.figure("renewals of the leader's lease", writes.size() - changes.size(), "");
        findings.expectNone("a quiet cluster is not written to", changes);
    }

    private static List<Write> writes(Scene scene, Instant since) {
        List<Write> writes = new ArrayList<>();
        try (Stream<String> lines = Files.lines(scene.lab().paths().auditLog())) {
            for (String line : (Iterable<String>) lines.filter(l -> l.contains(OURS))::iterator) {
                JsonNode event = JSON.readTree(line);
                Instant at =
                        Instant.parse(event.path("requestReceivedTimestamp").asText());
                if (event.path("stage").asText().equals("ResponseComplete") && !at.isBefore(since)) {
                    writes.add(new Write(
                            at,
                            event.path("user").path("username").asText().substring(OURS.length()),
                            event.path("verb").asText(),
                            event.path("objectRef").path("resource").asText(),
                            event.path("requestURI").asText()));
                }
            }
        } catch (JsonProcessingException e) {
            throw new LabException("the audit log is not as expected", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writes.stream().filter(w -> w.user().startsWith("weft-")).toList();
    }
}
