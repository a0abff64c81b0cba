package dev.weft.networkpolicy;

import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.Namespace;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.Node;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Ip;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster's objects, and what of them changed since the last batch. */
final class World {
    final Map<ObjectKey, Pod> pods = new HashMap<>();
    final Map<ObjectKey, Namespace> namespaces = new HashMap<>();
    final Map<ObjectKey, NetworkPolicy> policies = new HashMap<>();
    final Map<ObjectKey, ClusterNetworkPolicy> clusterPolicies = new HashMap<>();
    final Map<ObjectKey, Node> nodes = new HashMap<>();
    final Map<ObjectKey, List<Ip>> leases = new HashMap<>();

    private final Map<ObjectKey, Optional<Pod>> changedPods = new HashMap<>();
    private final Map<ObjectKey, Optional<Namespace>> changedNamespaces = new HashMap<>();
    private final Map<ObjectKey, Optional<NetworkPolicy>> changedPolicies = new HashMap<>();
    private final Map<ObjectKey, Optional<ClusterNetworkPolicy>> changedClusterPolicies = new HashMap<>();
    private final Map<ObjectKey, Optional<Node>> changedNodes = new HashMap<>();
    private boolean changedLeases;

    World put(Pod pod) {
        pods.put(pod.key(), pod);
        changedPods.put(pod.key(), Optional.of(pod));
        return this;
    }

    World put(Namespace namespace) {
        ObjectKey key = ObjectKey.of(namespace.name());
        namespaces.put(key, namespace);
        changedNamespaces.put(key, Optional.of(namespace));
        return this;
    }

    World put(NetworkPolicy policy) {
        policies.put(policy.key(), policy);
        changedPolicies.put(policy.key(), Optional.of(policy));
        return this;
    }

    World put(ClusterNetworkPolicy policy) {
        clusterPolicies.put(policy.key(), policy);
        changedClusterPolicies.put(policy.key(), Optional.of(policy));
        return this;
    }

    World put(Node node) {
        ObjectKey key = ObjectKey.of(node.name());
        nodes.put(key, node);
        changedNodes.put(key, Optional.of(node));
        return this;
    }

    World removeClusterPolicy(String name) {
        clusterPolicies.remove(ObjectKey.of(name));
        changedClusterPolicies.put(ObjectKey.of(name), Optional.empty());
        return this;
    }

    World removeNode(String name) {
        nodes.remove(ObjectKey.of(name));
        changedNodes.put(ObjectKey.of(name), Optional.empty());
        return this;
    }

    World lease(ObjectKey pod, List<Ip> ips) {
        leases.put(pod, ips);
        changedLeases = true;
        return this;
    }

    World release(ObjectKey pod) {
        leases.remove(pod);
        changedLeases = true;
        return this;
    }

    World removePod(ObjectKey key) {
        pods.remove(key);
        changedPods.put(key, Optional.empty());
        return this;
    }

    World removeNamespace(String name) {
        namespaces.remove(ObjectKey.of(name));
        changedNamespaces.put(ObjectKey.of(name), Optional.empty());
        return this;
    }

    World removePolicy(ObjectKey key) {
        policies.remove(key);
        changedPolicies.put(key, Optional.empty());
        return this;
    }

    /** What changed since the last call. */
    Batch changes() {
        Batch batch = new Batch(
                changedPods,
                changedNamespaces,
                changedPolicies,
                changedClusterPolicies,
                changedNodes,
                changedLeases ? Optional.of(Map.copyOf(leases)) : Optional.empty());
        changedPods.clear();
        changedNamespaces.clear();
        changedPolicies.clear();
        changedClusterPolicies.clear();
        changedNodes.clear();
        changedLeases = false;
        return batch;
    }

    /** Everything, as a process that starts is told it. */
    Batch all() {
        return new Batch(
                present(pods),
                present(namespaces),
                present(policies),
                present(clusterPolicies),
                present(nodes),
                Optional.of(Map.copyOf(leases)));
    }

    private static <T> Map<ObjectKey, Optional<T>> present(Map<ObjectKey, T> objects) {
        Map<ObjectKey, Optional<T>> present = new HashMap<>();
        objects.forEach((key, object) -> present.put(key, Optional.of(object)));
        return present;
    }
}
