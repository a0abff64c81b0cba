package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a rollout stands. */
public enum RolloutPhase {
    /** The first installation: all nodes at once, since there is nothing to protect yet. */
    @JsonProperty("Installing")
    INSTALLING,
    /** Nodes move one after the other. */
    @JsonProperty("Progressing")
    PROGRESSING,
    /** A node did not come back healthy. No other node moves until the spec changes. */
    @JsonProperty("Stopped")
    STOPPED,
    /** All nodes that can be reached run the wanted revision. */
    @JsonProperty("Complete")
    COMPLETE
}
