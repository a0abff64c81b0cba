package dev.weft.kube;

import dev.weft.net.Ip;
import java.util.List;
import java.util.Map;

/**
 * A Pod, as far as network policy is concerned. There may be 30,000 on a node: what pods of one workload have in common
 * is one object.
 *
 * @param uid what the runtime hands to CNI as {@code K8S_POD_UID}: that of a mirror Pod is its static pod's
 * @param node where it runs; empty until it is scheduled
 * @param ips {@code status.podIPs}; empty until it has some
 * @param ports those with names
 * @param hostNetwork whether it has its node's addresses instead of its own
 * @param finished whether all of its containers have ended for good, so that its addresses may be another's
 */
public record Pod(
        ObjectKey key,
        String uid,
        String node,
        Map<String, String> labels,
        List<Ip> ips,
        List<Port> ports,
        boolean hostNetwork,
        boolean finished) {

    public Pod {
        labels = Map.copyOf(labels);
        ips = List.copyOf(ips);
        ports = List.copyOf(ports);
    }

    /**
     * @param protocol IP protocol number: 6, 17 or 132; 0 for one that this release does not know
     * @param port 1 to 65535
     */
    public record Port(String name, int protocol, int port) {}

    /** Whether it has addresses of its own in the pod network, or will have. */
    public boolean isNetworked() {
        return !hostNetwork && !finished;
    }

    public Pod withIps(List<Ip> other) {
        return new Pod(key, uid, node, labels, other, ports, hostNetwork, finished);
    }
}
