package dev.weft.operator.agents;

import dev.weft.net.Ip;

/** Asks one DNS server, or one ingress proxy, how it is. */
@FunctionalInterface
public interface ServerClient<S> {
    /**
     * @param address of the pod
     * @throws AgentSilentException if there is no usable answer in time
     */
    S status(Ip address) throws AgentSilentException;
}
