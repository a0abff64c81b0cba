package dev.weft.e2e.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.lab.LabException;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What {@code netbench knock} saw at one address.
 *
 * @param to address and port
 * @param connections that were tried
 * @param connected of these, those that were made
 * @param refused of these, those that a host answered with a reset: they got through as well
 * @param datagrams that were sent
 * @param answered of these, those that were answered
 * @param firstMillis when the first that got through was sent, from the start of the program; below 0 if none did
 */
record Door(String to, int connections, int connected, int refused, int datagrams, int answered, double firstMillis) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** All that one program saw. */
    static List<Door> read(JsonNode seen) {
        return StreamSupport.stream(seen.path("doors").spliterator(), false)
                .map(door -> new Door(
                        door.path("to").asText(),
                        door.path("connections").asInt(),
                        door.path("connected").asInt(),
                        door.path("refused").asInt(),
                        door.path("datagrams").asInt(),
                        door.path("answered").asInt(),
                        door.path("firstMillis").asDouble()))
                .toList();
    }

    /** Reads the termination message of a pod that knocked. */
    static List<Door> read(String message) {
        try {
            return read(JSON.readTree(message));
        } catch (JsonProcessingException e) {
            throw new LabException("a pod said no JSON but: " + message, e);
        }
    }

    /** Whether anything got through. */
    boolean open() {
        return connected + refused + answered > 0;
    }

    /** How many connections and datagrams got no answer. */
    int lost() {
        return connections - connected + datagrams - answered;
    }

    /** For people. */
    String told() {
        return "%s: %d of %d connections made, %d refused, %d of %d datagrams answered"
                .formatted(to, connected, connections, refused, answered, datagrams);
    }
}
