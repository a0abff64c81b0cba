package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How pods of different nodes reach each other. */
public enum Routing {
    @JsonProperty("VXLAN")
    VXLAN,
    @JsonProperty("Direct")
    DIRECT
}
