package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** VXLAN (RFC 7348) between nodes. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VxlanSpec(
        @JsonPropertyDescription("VXLAN network identifier, 1 (default) to 16777215. Cannot change while it runs.")
        @ValidationRule(
                value = "self >= 1 && self <= 16777215",
                message = "podNetwork.vxlan.vni must be between 1 and 16777215")
        @Nullable
        Integer vni,

        @JsonPropertyDescription(
                "UDP port, 1 to 65535; open it between the nodes. Default: 8472, which Linux uses; the IANA port is"
                        + " 4789. Cannot change while it runs.")
        @ValidationRule(
                value = "self >= 1 && self <= 65535",
                message = "podNetwork.vxlan.port must be between 1 and 65535")
        @Nullable
        Integer port,

        @JsonPropertyDescription("Plain routes to nodes of the same subnet, VXLAN only to the others. Default: false.")
        @Nullable
        Boolean directWithinSubnet) {

    /** Nothing said. */
    public static final VxlanSpec EMPTY = new VxlanSpec(null, null, null);
}
