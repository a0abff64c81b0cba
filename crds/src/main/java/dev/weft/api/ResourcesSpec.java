package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;

/** Resources of a container. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ResourcesSpec(
        @JsonPropertyDescription("What the scheduler sets aside, for example cpu: 100m and memory: 96Mi.")
        @Size(max = 16)
        Map<String, Quantity> requests,

        @JsonPropertyDescription(
                "What the container may not exceed, for example memory: 256Mi. Default: no limit, because an agent"
                        + " that is killed or throttled delays every pod of its node.")
        @Size(max = 16)
        Map<String, Quantity> limits) {

    /** Nothing said. */
    public static final ResourcesSpec EMPTY = new ResourcesSpec(Map.of(), Map.of());

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public ResourcesSpec {
        requests = requests == null ? Map.of() : Map.copyOf(requests);
        limits = limits == null ? Map.of() : Map.copyOf(limits);
    }
}
