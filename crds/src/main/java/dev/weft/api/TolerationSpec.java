package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A toleration as of {@code core/v1}. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "has(self.key) || (has(self.operator) && self.operator == 'Exists')",
        message = "a toleration without a key needs operator: Exists; it then matches every taint")
@ValidationRule(
        value = "!has(self.operator) || self.operator != 'Exists' || !has(self.value)",
        message = "a toleration with operator: Exists takes no value")
public record TolerationSpec(
        @JsonPropertyDescription("Key of the taint; none matches every key, with operator Exists.")
        @Size(min = 1, max = 316)
        @Nullable
        String key,

        @JsonPropertyDescription("Equal (default) or Exists.")
        @ValidationRule(
                value = "self in ['Equal', 'Exists']",
                message = "a toleration's operator must be Equal or Exists")
        @Size(max = 16)
        @Nullable
        String operator,

        @JsonPropertyDescription("Value of the taint, with operator Equal.") @Size(max = 63) @Nullable
        String value,

        @JsonPropertyDescription(
                "Effect of the taint: NoSchedule, PreferNoSchedule or NoExecute; none matches every effect.")
        @ValidationRule(
                value = "self in ['NoSchedule', 'PreferNoSchedule', 'NoExecute']",
                message = "a toleration's effect must be NoSchedule, PreferNoSchedule or NoExecute")
        @Size(max = 32)
        @Nullable
        String effect) {}
