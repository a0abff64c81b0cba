package dev.weft.cni.nat;

import dev.weft.cni.protocol.PortMapping;
import dev.weft.linux.LinuxException;
import dev.weft.linux.conntrack.Conntrack;
import dev.weft.linux.conntrack.Flow;
import dev.weft.net.Family;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Ends the kernel's memory of UDP flows to host ports. A client that keeps sending keeps its conntrack entry alive, and
 * NAT rules are asked for new entries only: without this it would go on talking to a pod that is gone, or to none.
 */
public final class UdpFlows implements AutoCloseable {
    private final Conntrack conntrack;

    private UdpFlows(Conntrack conntrack) {
        this.conntrack = conntrack;
    }

    /** Opens it in the calling thread's network namespace, which is the node's. */
    public static UdpFlows open() {
        return new UdpFlows(Conntrack.open());
    }

    /**
     * Forgets the flows to the UDP ports among these; nothing is asked of the kernel if there is none.
     *
     * @throws LinuxException if the flows cannot be listed
     */
    public void forget(Collection<PortMapping> ports) {
        Set<Integer> hostPorts = ports.stream()
                .filter(port -> port.protocol() == PortMapping.Protocol.UDP)
                .map(PortMapping::hostPort)
                .collect(Collectors.toSet());
        if (hostPorts.isEmpty()) {
            return;
        }
        List<Flow> flows = new ArrayList<>();
        for (Family family : Family.values()) {
            flows.addAll(conntrack.flows(
                    family,
                    PortMapping.Protocol.UDP.number(),
                    flow -> hostPorts.contains(flow.original().destinationPort())));
        }
        try {
            conntrack.delete(flows);
        } catch (LinuxException e) {
            // One that the kernel keeps ends by its own time-out; the pod is not refused for it.
        }
    }

    @Override
    public void close() {
        conntrack.close();
    }
}
