package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/**
 * Pod-to-pod probes between nodes. Each node probes a sample of the others.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ConnectivityStatus(
        @JsonPropertyDescription("Pairs of nodes and IP family that are probed.")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        int pairs,

        @JsonPropertyDescription("Of these, the pairs that answer.") @JsonInclude(JsonInclude.Include.ALWAYS)
        int pairsOk,

        @JsonPropertyDescription("Pairs that do not answer. At most 10.")
        List<FailingPair> failing,

        @JsonPropertyDescription(
                "Median round-trip time in microseconds, rounded up to 250, 1000, 4000 and so on, so that noise"
                        + " writes nothing; of agents older than 4 minutes; 0 while there is none.")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        long rttP50Micros,

        @JsonPropertyDescription("99th percentile of the round-trip time in microseconds, rounded likewise.")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        long rttP99Micros,

        @JsonPropertyDescription("The same in a few words, for kubectl get, for example 120/120.")
        String summary) {

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public ConnectivityStatus {
        failing = failing == null ? List.of() : List.copyOf(failing);
        summary = summary == null ? "" : summary;
    }

    /** A pair of nodes whose probes are not answered. */
    public record FailingPair(
            @JsonPropertyDescription("Node that sends the probes.")
            String from,

            @JsonPropertyDescription("Node that should answer.")
            String to,

            @JsonPropertyDescription("IPv4 or IPv6.") String family,
            @JsonPropertyDescription("VXLAN or Direct.") String path,
            @JsonPropertyDescription("What is wrong.") String message) {}
}
