package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Which traffic pods may have: NetworkPolicies. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NetworkPolicySpec(
        @JsonPropertyDescription(
                "Who enforces NetworkPolicies. Managed: Weft, on every node. Unmanaged: the operator leaves it as it"
                        + " last was. Removed: not Weft; what it enforced is removed from the nodes. Default: as it runs;"
                        + " in a new installation Managed, unless another engine of policies is found, see"
                        + " status.effective.foreignComponents.")
        @Nullable
        ManagementState managementState,

        @JsonPropertyDescription(
                "How long the start of a pod waits for its policies to be in force on its node, in seconds, 1 to 60."
                        + " Default: 10.")
        @ValidationRule(
                value = "self >= 1 && self <= 60",
                message = "networkPolicy.podStartTimeoutSeconds must be between 1 and 60")
        @Nullable
        Integer podStartTimeoutSeconds,

        @JsonPropertyDescription(
                "What happens to a pod whose policies are not in force by then, which is so when the API server cannot"
                        + " be reached. Refuse (default): it does not start, and the kubelet tries again. Isolate: it"
                        + " starts, and has no traffic until its policies are known. Allow: it starts as if it had no"
                        + " policies, until they are known.")
        @Nullable
        PodStartTimeout onPodStartTimeout,

        @JsonPropertyDescription(
                "Whether samples of denied traffic are in the log of the node pods, a few lines a second at most."
                        + " Counters of denied packets for each policy are there in either case. Default: true.")
        @Nullable
        Boolean logDenied) {

    /** Nothing said. */
    public static final NetworkPolicySpec EMPTY = new NetworkPolicySpec(null, null, null, null);
}
