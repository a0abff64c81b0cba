package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/**
 * A rollout of the node pods.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RolloutStatus(
        @JsonPropertyDescription("Installing, Progressing, Stopped or Complete.")
        RolloutPhase phase,

        @JsonPropertyDescription("Revision that nodes leave, empty when there is none.")
        String from,

        @JsonPropertyDescription("Revision that nodes take: image, configuration and pod template.")
        String to,

        @JsonPropertyDescription("Release that nodes take.") String toVersion,

        @JsonPropertyDescription("When it began, RFC 3339.") String startedAt,

        @JsonPropertyDescription("Number of nodes that have the new revision and proved that it works.")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        int nodesDone,

        @JsonPropertyDescription("Number of nodes.") @JsonInclude(JsonInclude.Include.ALWAYS)
        int nodesTotal,

        @JsonPropertyDescription("Node that moves now, or the one at which the rollout stopped.")
        String node,

        @JsonPropertyDescription(
                "Nodes left out because they are not ready; they follow when they are. At most 10 are named.")
        List<String> skipped,

        @JsonPropertyDescription("What the rollout waits for, or why it stopped.")
        String message,

        @JsonPropertyDescription("The same in a few words, for kubectl get.")
        String summary) {

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public RolloutStatus {
        from = from == null ? "" : from;
        to = to == null ? "" : to;
        toVersion = toVersion == null ? "" : toVersion;
        startedAt = startedAt == null ? "" : startedAt;
        node = node == null ? "" : node;
        skipped = skipped == null ? List.of() : List.copyOf(skipped);
        message = message == null ? "" : message;
        summary = summary == null ? "" : summary;
    }
}
