package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** A Secret of type {@code kubernetes.io/dockerconfigjson} in the namespace of the operator. */
public record PullSecret(
        @JsonPropertyDescription("Name of a Secret of type kubernetes.io/dockerconfigjson in namespace weft-system.")
        @Required
        @Size(min = 1, max = 253)
        String name) {}
