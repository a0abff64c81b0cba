package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to pod traffic that leaves the pod network. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record MasqueradeSpec(
        @JsonPropertyDescription(
                "Whether packets from pods to addresses outside the pod network take the node's address. Default:"
                        + " true. Without it the network beyond must know routes to the pods.")
        @Nullable
        Boolean enabled,

        @JsonPropertyDescription(
                "Destinations that see pod addresses all the same, for example 192.168.0.0/16. At most 64.")
        @Size(max = 64)
        @ValidationRule(
                value = "self.all(c, isCIDR(c) && cidr(c) == cidr(c).masked())",
                message = "each of podNetwork.masquerade.except must be a prefix without host bits, for example"
                        + " 192.168.0.0/16")
        List<@Size(max = 43) String> except) {

    /** Nothing said. */
    public static final MasqueradeSpec EMPTY = new MasqueradeSpec(null, List.of());

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public MasqueradeSpec {
        except = except == null ? List.of() : List.copyOf(except);
    }
}
