package dev.weft.config;

import java.time.Instant;
import java.util.List;

/**
 * What a node agent says of itself, at {@code GET /status} on its health port.
 *
 * @param node name of the Node object
 * @param version release that runs
 * @param revision revision of its {@link NodeConfig}
 * @param startedAt when the process started
 * @param roles one entry a role that is on
 * @param uplinkMtu MTU of the node's uplink in bytes, 0 while unknown
 * @param podMtu MTU of pod links in bytes, 0 while unknown
 * @param pods number of pods that hold an address
 * @param probes one entry for each (other node, family) that is probed
 * @param repairs the latest things that someone else changed and the agent put back, newest last, at most 20
 * @param kubeProxy what the kernel has rules of kube-proxy in: {@code nftables}, {@code iptables}, {@code ipvs}; empty
 *     when it has none
 */
public record NodeStatus(
        String node,
        String version,
        String revision,
        Instant startedAt,
        List<Role> roles,
        int uplinkMtu,
        int podMtu,
        int pods,
        List<Probe> probes,
        List<Repair> repairs,
        List<String> kubeProxy) {

    public NodeStatus {
        roles = List.copyOf(roles);
        probes = List.copyOf(probes);
        repairs = List.copyOf(repairs);
        kubeProxy = List.copyOf(kubeProxy);
    }

    /**
     * @param name {@code cni}, {@code service-proxy}, {@code network-policy}
     * @param ready whether it does its work
     * @param message why not, for people; when ready, what a person should know all the same, or nothing
     */
    public record Role(String name, boolean ready, String message) {
        /** The pod network. */
        public static final String CNI = "cni";

        public static final String SERVICE_PROXY = "service-proxy";

        public static final String NETWORK_POLICY = "network-policy";
    }

    /**
     * Pod-to-pod probes to one other node in one family, from probe address to probe address through the real path.
     *
     * @param node the other node
     * @param family {@code IPv4} or {@code IPv6}
     * @param path {@code VXLAN} or {@code Direct}
     * @param ok whether the latest round was answered, full-size packet included
     * @param sent probes sent since the process started
     * @param lost of these, unanswered ones
     * @param lastAnswered when the latest answer came, or the epoch when none has yet
     * @param rttMicros median round-trip time of the latest answers in microseconds, 0 when none
     * @param message what is wrong, for people; empty when ok
     */
    public record Probe(
            String node,
            String family,
            String path,
            boolean ok,
            long sent,
            long lost,
            Instant lastAnswered,
            long rttMicros,
            String message) {}

    /**
     * @param at when
     * @param what the thing and what was wrong, for example {@code route 10.244.1.0/24 dev weft-vxlan was missing}
     */
    public record Repair(Instant at, String what) {}
}
