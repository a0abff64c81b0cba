package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which names of pods, {@code 10-244-1-7.namespace.pod.<domain>}, there are. */
public enum PodRecords {
    /** None. */
    @JsonProperty("Disabled")
    DISABLED,
    /** Any address in any namespace that exists, whether a pod has it or not. */
    @JsonProperty("Insecure")
    INSECURE,
    /** Those of pods that exist. */
    @JsonProperty("Verified")
    VERIFIED
}
