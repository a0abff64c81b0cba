package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who looks after a component. */
public enum ManagementState {
    /** The operator installs it and keeps it as described. */
    @JsonProperty("Managed")
    MANAGED,
    /** The operator leaves what is there alone, neither repairing nor removing it. */
    @JsonProperty("Unmanaged")
    UNMANAGED,
    /** The operator removes it, from the nodes too. */
    @JsonProperty("Removed")
    REMOVED
}
