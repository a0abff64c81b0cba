package dev.weft.operator.observe;

import java.util.List;
import java.util.Optional;

/**
 * Weft's DNS servers as they are.
 *
 * @param running the Deployment of those for all nodes, if there is one
 * @param nodeLocal the DaemonSet of those for one node each, if there is one
 * @param pods of both, sorted by name
 * @param corefile that of CoreDNS at the time Weft took over, as the servers' ConfigMap keeps it
 * @param troubles what servers say is not well
 */
public record DnsServers(
        Optional<Workload> running,
        Optional<Workload> nodeLocal,
        List<AgentPod> pods,
        Optional<String> corefile,
        List<ServerTrouble> troubles) {
    /** None. */
    public static final DnsServers NONE =
            new DnsServers(Optional.empty(), Optional.empty(), List.of(), Optional.empty(), List.of());

    public DnsServers {
        pods = List.copyOf(pods);
        troubles = List.copyOf(troubles);
    }

    /** The same with what servers say now. */
    public DnsServers with(List<ServerTrouble> said) {
        return new DnsServers(running, nodeLocal, pods, corefile, said);
    }

    /** Whether there are none, nor any to come. */
    public boolean none() {
        return running.isEmpty() && nodeLocal.isEmpty();
    }
}
