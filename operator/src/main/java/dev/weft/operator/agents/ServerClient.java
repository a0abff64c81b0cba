package dev.weft.operator.agents;

import dev.weft.config.DnsStatus;
import dev.weft.net.Ip;

/** Asks one DNS server how it is. */
@FunctionalInterface
public interface DnsServerClient {
    /**
     * @param address of the pod
     * @throws AgentSilentException if there is no usable answer in time
     */
    DnsStatus dnsStatus(Ip address) throws AgentSilentException;
}
