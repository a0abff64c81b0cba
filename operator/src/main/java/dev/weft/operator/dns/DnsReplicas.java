package dev.weft.operator.dns;

import dev.weft.api.DnsReplicasSpec;
import dev.weft.operator.observe.NodeInfo;
import java.util.List;
import java.util.Objects;

/**
 * How many servers a cluster gets: as cluster-proportional-autoscaler counts for DNS in its linear mode, with
 * {@code preventSinglePointFailure}.
 */
final class DnsReplicas {
    private static final int NODES_PER_REPLICA = 16;
    private static final int CORES_PER_REPLICA = 256;
    private static final int MILLI = 1000;
    private static final int DEFAULT_MAX = 20;

    private DnsReplicas() {}

    /** @param nodes those that servers may run on; cordoned ones do not count */
    static int of(DnsReplicasSpec spec, List<NodeInfo> nodes) {
        List<NodeInfo> counted = nodes.stream().filter(n -> !n.cordoned()).toList();
        long milliCores = counted.stream().mapToLong(NodeInfo::milliCores).sum();
        int byNodes = Math.ceilDiv(counted.size(), NODES_PER_REPLICA);
        int byCores = (int) Math.ceilDiv(milliCores, (long) CORES_PER_REPLICA * MILLI);
        // A cordon does not make a cluster of two nodes one of a single node: a drain would take both servers.
        int min = Objects.requireNonNullElse(spec.min(), nodes.size() > 1 ? 2 : 1);
        int max = Objects.requireNonNullElse(spec.max(), Math.max(DEFAULT_MAX, min));
        return Math.clamp(Math.max(byNodes, byCores), Math.min(min, max), max);
    }
}
