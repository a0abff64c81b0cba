package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * One component.
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ComponentStatus(
        @JsonPropertyDescription("Name of the component's section in the spec, for example podNetwork.") @Required
        String name,

        @JsonPropertyDescription("Managed or Unmanaged; Removed while it is being taken off the nodes.")
        ManagementState managementState,

        @JsonPropertyDescription("Release that the spec asks for.")
        String version,

        @JsonPropertyDescription("Number of nodes that should run it; of dns and ingress, of servers.")
        int desired,

        @JsonPropertyDescription("Number of nodes, or servers, whose pod has the wanted revision.")
        int updated,

        @JsonPropertyDescription("Number of nodes, or servers, whose pod is ready, whatever its revision.")
        int ready,

        @JsonPropertyDescription(
                "What is wrong: up to three pods with node, container and reason, and what agents had to repair in"
                        + " the last minutes. Empty when all is well.")
        String message) {}
