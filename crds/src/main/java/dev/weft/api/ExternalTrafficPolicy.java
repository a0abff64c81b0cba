package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** {@code externalTrafficPolicy} of a {@code core/v1} Service. */
public enum ExternalTrafficPolicy {
    /** Any node passes on to any proxy. */
    @JsonProperty("Cluster")
    CLUSTER("Cluster"),
    /** A node passes on to its own proxies, with the client's address. */
    @JsonProperty("Local")
    LOCAL("Local");

    private final String value;

    ExternalTrafficPolicy(String value) {
        this.value = value;
    }

    /** As in a Service. */
    public String value() {
        return value;
    }
}
