package dev.weft.operator.observe;

import dev.weft.config.NodeStatus;
import java.time.Instant;

/** The latest answer of a node's agent. */
public sealed interface AgentReport {
    /** Name of the node. */
    String node();

    /** When it was asked, by the operator's clock. */
    Instant at();

    /** When the operator first saw the agent like this: same process and same health, or failing. */
    Instant since();

    /** It answered. */
    record Answered(String node, Instant at, Instant since, NodeStatus status) implements AgentReport {
        /** Whether every role says that it does its work. */
        public boolean rolesReady() {
            return status.roles().stream().allMatch(NodeStatus.Role::ready);
        }
    }

    /** It did not, and why. */
    record Silent(String node, Instant at, Instant since, String why) implements AgentReport {}
}
