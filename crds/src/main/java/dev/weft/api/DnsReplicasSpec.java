package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How many DNS servers there are: one for 16 nodes or 256 cores, within these bounds. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "!has(self.min) || !has(self.max) || self.min <= self.max",
        message = "dns.replicas.min must not be above dns.replicas.max: raise max or lower min")
public record DnsReplicasSpec(
        @JsonPropertyDescription(
                "No fewer than these, 1 to 100. Default: 2 in a cluster of several nodes, 1 in a cluster of one.")
        @ValidationRule(
                value = "self >= 1 && self <= 100",
                message = "dns.replicas.min must be between 1 and 100; for no DNS server at all set"
                        + " dns.managementState to Removed")
        @Nullable
        Integer min,

        @JsonPropertyDescription("No more than these, 1 to 100. Default: 20, or min where that is more.")
        @ValidationRule(value = "self >= 1 && self <= 100", message = "dns.replicas.max must be between 1 and 100")
        @Nullable
        Integer max) {

    /** Nothing said. */
    public static final DnsReplicasSpec EMPTY = new DnsReplicasSpec(null, null);
}
