package dev.weft.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What {@code netbench sockets} saw, from one node or from several.
 *
 * @param failed those that could not be opened
 * @param echoed messages that came back
 * @param open those that are open at the end
 * @param slowestMillis from a message to its echo
 * @param firstErrors one a node at most
 */
record SocketsSeen(
        int opened, int failed, int echoed, int open, double slowestMillis, List<End> ends, List<String> firstErrors) {
    /** How those end whose message did not come back as it was. */
    private static final List<String> BROKEN = List.of("no echo", "other");

    /**
     * @param how {@code closed}, {@code reset}, or for example {@code close frame 1001}
     * @param second in which so many ended so
     */
    record End(String how, Instant second, int count) {}

    SocketsSeen {
        ends = List.copyOf(ends);
        firstErrors = List.copyOf(firstErrors);
    }

    /** @param nodes what the program of each node printed */
    static SocketsSeen of(Collection<JsonNode> nodes) {
        List<End> ends = new ArrayList<>();
        for (JsonNode node : nodes) {
            for (JsonNode end : node.path("ended")) {
                ends.add(new End(
                        end.path("how").asText(),
                        Instant.ofEpochSecond(end.path("unixSecond").asLong()),
                        end.path("count").asInt()));
            }
        }
        return new SocketsSeen(
                sum(nodes, "opened"),
                sum(nodes, "failed"),
                sum(nodes, "echoed"),
                sum(nodes, "open"),
                nodes.stream()
                        .mapToDouble(node -> node.path("took").path("maxMicros").asDouble() / 1000)
                        .max()
                        .orElse(0),
                ends,
                nodes.stream()
                        .map(node -> node.path("firstError").asText(""))
                        .filter(error -> !error.isEmpty())
                        .toList());
    }

    private static int sum(Collection<JsonNode> nodes, String field) {
        return nodes.stream().mapToInt(node -> node.path(field).asInt()).sum();
    }

    /** Those that may have ended before: in the same second, or in one before it. */
    int endedBefore(Instant moment) {
        return ends.stream()
                .filter(end -> end.second().isBefore(moment))
                .mapToInt(End::count)
                .sum();
    }

    /** Those whose message did not come back while they were open. */
    int broken() {
        return ends.stream()
                .filter(end -> BROKEN.contains(end.how()))
                .mapToInt(End::count)
                .sum();
    }

    /** How many ended how. */
    Map<String, Integer> ways() {
        return ends.stream().collect(Collectors.groupingBy(End::how, TreeMap::new, Collectors.summingInt(End::count)));
    }

    Optional<Instant> firstEnd() {
        return ends.stream().map(End::second).min(Instant::compareTo);
    }

    Optional<Instant> lastEnd() {
        return ends.stream().map(End::second).max(Instant::compareTo);
    }
}
