package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** A condition as of {@code meta/v1}. */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Condition(
        @JsonPropertyDescription("What the condition is about, for example Ready.") @Required
        String type,

        @JsonPropertyDescription("True, False or Unknown.") @Required
        String status,

        @JsonPropertyDescription("Generation of the spec that the condition is about.")
        long observedGeneration,

        @JsonPropertyDescription("When status last changed, RFC 3339.") @Required
        String lastTransitionTime,

        @JsonPropertyDescription("Why, in one word for programs.") @Required
        String reason,

        @JsonPropertyDescription("Why, for people.") @Required
        String message) {

    /** Not named like a getter: those become fields of the schema. */
    public boolean met() {
        return status.equals("True");
    }
}
