package dev.weft.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code netbench requests} saw, from one node or from several.
 *
 * @param seconds how long was asked
 * @param kinds the requests by how their connections are used
 * @param certificates that were shown, by serial number
 */
record WebAnswers(double seconds, List<Kind> kinds, Map<String, Shown> certificates) {
    /**
     * @param failed requests that were not answered with 2xx, and those that were due but could not be sent
     * @param again those that were sent on another connection than meant, since that was closed before or takes no more
     * @param dismissed kept connections that ended with an answer that said so
     * @param slowestMillis from when a request was due to the end of its answer
     * @param told all of it, as netbench tells it
     */
    record Kind(
            String name,
            int asked,
            int failed,
            int again,
            int dismissed,
            int connections,
            double slowestMillis,
            String told) {
        private static Kind of(JsonNode seen) {
            int asked = seen.path("asked").asInt();
            return new Kind(
                    seen.path("name").asText(),
                    asked,
                    asked - seen.path("answered").asInt() + seen.path("unsent").asInt(),
                    seen.path("again").asInt(),
                    seen.path("dismissed").asInt(),
                    seen.path("connections").asInt(),
                    seen.path("took").path("maxMicros").asDouble() / 1000,
                    seen.toString());
        }

        private Kind and(Kind other) {
            return new Kind(
                    name,
                    asked + other.asked,
                    failed + other.failed,
                    again + other.again,
                    dismissed + other.dismissed,
                    connections + other.connections,
                    Math.max(slowestMillis, other.slowestMillis),
                    told + "\n    " + other.told);
        }
    }

    /** The handshakes in which a certificate was shown; moments in milliseconds since 1970. */
    record Shown(int count, long firstMillis, long lastMillis) {
        private static Shown of(JsonNode seen) {
            return new Shown(
                    seen.path("count").asInt(),
                    seen.path("firstUnixMillis").asLong(),
                    seen.path("lastUnixMillis").asLong());
        }

        private Shown and(Shown other) {
            return new Shown(
                    count + other.count,
                    Math.min(firstMillis, other.firstMillis),
                    Math.max(lastMillis, other.lastMillis));
        }
    }

    WebAnswers {
        kinds = List.copyOf(kinds);
        certificates = Map.copyOf(certificates);
    }

    /** @param nodes what the program of each node printed */
    static WebAnswers of(Collection<JsonNode> nodes) {
        double seconds = 0;
        Map<String, Kind> kinds = new LinkedHashMap<>();
        Map<String, Shown> certificates = new TreeMap<>();
        for (JsonNode node : nodes) {
            seconds = Math.max(seconds, node.path("seconds").asDouble());
            for (JsonNode kind : node.path("kinds")) {
                kinds.merge(kind.path("name").asText(), Kind.of(kind), Kind::and);
            }
            for (JsonNode certificate : node.path("certificates")) {
                certificates.merge(certificate.path("serial").asText(), Shown.of(certificate), Shown::and);
            }
        }
        return new WebAnswers(seconds, new ArrayList<>(kinds.values()), certificates);
    }

    int asked() {
        return kinds.stream().mapToInt(Kind::asked).sum();
    }

    int again() {
        return kinds.stream().mapToInt(Kind::again).sum();
    }

    int dismissed() {
        return kinds.stream().mapToInt(Kind::dismissed).sum();
    }

    double slowestMillis() {
        return kinds.stream().mapToDouble(Kind::slowestMillis).max().orElse(0);
    }

    /** What is told of each kind of which a request failed. */
    List<String> failures() {
        return kinds.stream().filter(kind -> kind.failed() > 0).map(Kind::told).toList();
    }
}
