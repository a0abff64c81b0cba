package dev.weft.operator.agents;

import dev.weft.config.NodeStatus;
import dev.weft.net.Ip;

/** Asks one agent. */
@FunctionalInterface
public interface AgentClient {
    /**
     * @param address of the node
     * @throws AgentSilentException if there is no usable answer in time
     */
    NodeStatus status(Ip address) throws AgentSilentException;

    /** Whether a kube-proxy answers on the node, at its health port. */
    default boolean kubeProxyAnswers(Ip address) {
        return false;
    }
}
