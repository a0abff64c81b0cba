package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a pod whose network policies are not in force on its node in time. */
public enum PodStartTimeout {
    /** It does not start; the kubelet tries again. */
    @JsonProperty("Refuse")
    REFUSE,
    /** It starts without any traffic until its policies are known. */
    @JsonProperty("Isolate")
    ISOLATE,
    /** It starts as if it had no policies until they are known. */
    @JsonProperty("Allow")
    ALLOW
}
