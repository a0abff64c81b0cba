package dev.weft.e2e.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.lab.LabException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What Weft wrote to the API server, as its audit log has it. */
record AuditLog(Path file) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OURS = "system:serviceaccount:weft-system:";

    /**
     * A write.
     *
     * @param user name of the service account
     * @param source IP address from which it came
     */
    record Write(Instant at, String user, String source, String verb, String resource, String uri) {
        boolean renewsLease() {
            return resource.equals("leases");
        }

        @Override
        public String toString() {
            return at + " " + user + " " + verb + " " + uri;
        }
    }

    static AuditLog of(Scene scene) {
        return new AuditLog(scene.lab().paths().auditLog());
    }

    /** All writes by operator and agents, leases included. The log has writes only. */
    List<Write> since(Instant since) {
        List<Write> writes = new ArrayList<>();
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines.filter(l -> l.contains(OURS))::iterator) {
                JsonNode event = JSON.readTree(line);
                Instant at =
                        Instant.parse(event.path("requestReceivedTimestamp").asText());
                String user = event.path("user").path("username").asText();
                if (event.path("stage").asText().equals("ResponseComplete")
                        && !at.isBefore(since)
                        && user.startsWith(OURS + "weft-")) {
                    writes.add(new Write(
                            at,
                            user.substring(OURS.length()),
                            event.path("sourceIPs").path(0).asText(),
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
        return writes;
    }
}
