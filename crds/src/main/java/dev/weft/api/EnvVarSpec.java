package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** An environment variable of a container. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record EnvVarSpec(
        @JsonPropertyDescription("Name of the variable.")
        @Required
        @Size(min = 1, max = 128)
        @ValidationRule(
                value = "self.matches('^[A-Za-z_][A-Za-z0-9_]*$')",
                message = "the name of a variable must be letters, digits and underscores, not starting with a"
                        + " digit")
        @ValidationRule(
                value = "!(self in ['NODE_NAME', 'POD_NAME', 'POD_NAMESPACE'])",
                message = "NODE_NAME, POD_NAME and POD_NAMESPACE are set by the operator: leave them out of env")
        String name,

        @JsonPropertyDescription("Value of the variable. Default: empty.") @Size(max = 4096)
        String value) {

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public EnvVarSpec {
        value = value == null ? "" : value;
    }
}
