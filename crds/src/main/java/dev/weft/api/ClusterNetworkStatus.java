package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the operator sees. Written only when something in it changes. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ClusterNetworkStatus(
        @JsonPropertyDescription("Generation of the spec that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Release that runs on all nodes; during a rollout the old one. Empty until the first"
                + " installation is complete.")
        @Nullable
        String version,

        @JsonPropertyDescription(
                "Ready, Available, Progressing, Degraded, Upgradeable, and Reconciling and Stalled as kstatus reads"
                        + " them.")
        List<Condition> conditions,

        @JsonPropertyDescription("One entry a component that is not Removed.")
        List<ComponentStatus> components,

        @JsonPropertyDescription("Every default resolved, and where the values came from.") @Nullable
        EffectiveStatus effective,

        @JsonPropertyDescription("The latest change of revision of the node pods.") @Nullable
        RolloutStatus rollout,

        @JsonPropertyDescription("What the nodes' probes of each other say.") @Nullable
        ConnectivityStatus connectivity) {

    /** Nothing seen yet. */
    public static final ClusterNetworkStatus EMPTY =
            new ClusterNetworkStatus(null, null, List.of(), List.of(), null, null, null);

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public ClusterNetworkStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        components = components == null ? List.of() : List.copyOf(components);
    }

    public Optional<Condition> condition(String type) {
        return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
    }
}
