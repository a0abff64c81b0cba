package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of the node pods. They survive reconciling; a change is rolled out node by node. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodeAgentSpec(
        @JsonPropertyDescription("Requests and limits of the agent's container, merged over the defaults.")
        ResourcesSpec resources,

        @JsonPropertyDescription(
                "Taints that the node pods tolerate, besides not-ready, unreachable and network-unavailable, which"
                        + " they always do. Default: all taints. Nodes with other taints get no pod network. At most 32.")
        @Size(max = 32)
        List<TolerationSpec> tolerations,

        @JsonPropertyDescription(
                "Labels of the nodes that get an agent. Default: all Linux nodes. Other nodes get no pod network.")
        @Size(max = 32)
        Map<String, String> nodeSelector,

        @JsonPropertyDescription("PriorityClass of the node pods. Default: system-node-critical.")
        @Size(min = 1, max = 253)
        @Nullable
        String priorityClassName,

        @JsonPropertyDescription(
                "Environment of the agent, for example JAVA_TOOL_OPTIONS. NODE_NAME, POD_NAME and POD_NAMESPACE are"
                        + " the operator's and cannot be set. At most 64.")
        @Size(max = 64)
        List<EnvVarSpec> env) {

    /** Nothing said. */
    public static final NodeAgentSpec EMPTY =
            new NodeAgentSpec(ResourcesSpec.EMPTY, List.of(), Map.of(), null, List.of());

    @SuppressWarnings("NullAway") // Jackson hands null for what is absent; readers never see it
    public NodeAgentSpec {
        resources = resources == null ? ResourcesSpec.EMPTY : resources;
        tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
        nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        env = env == null ? List.of() : List.copyOf(env);
    }
}
