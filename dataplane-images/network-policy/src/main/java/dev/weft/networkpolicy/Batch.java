package dev.weft.networkpolicy;

import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.Namespace;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.Node;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What changed since the last turn: the latest state of each object, absent if it is gone.
 *
 * @param leases addresses of this node's pods as CNI gave them, all of them; absent if they did not change
 */
record Batch(
        Map<ObjectKey, Optional<Pod>> pods,
        Map<ObjectKey, Optional<Namespace>> namespaces,
        Map<ObjectKey, Optional<NetworkPolicy>> policies,
        Map<ObjectKey, Optional<ClusterNetworkPolicy>> clusterPolicies,
        Map<ObjectKey, Optional<Node>> nodes,
        Optional<Map<ObjectKey, List<Ip>>> leases) {

    Batch {
        pods = Map.copyOf(pods);
        namespaces = Map.copyOf(namespaces);
        policies = Map.copyOf(policies);
        clusterPolicies = Map.copyOf(clusterPolicies);
        nodes = Map.copyOf(nodes);
        leases = leases.map(Map::copyOf);
    }

    Batch withLeases(Map<ObjectKey, List<Ip>> now) {
        return new Batch(pods, namespaces, policies, clusterPolicies, nodes, Optional.of(now));
    }
}
