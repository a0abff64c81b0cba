package dev.weft.networkpolicy;

import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.EventNote;
import dev.weft.kube.Namespace;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.Node;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.kube.Store;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the role goes by. The watches may be started before or after the role.
 *
 * @param pods of {@link dev.weft.kube.KindSpec#pods()}
 * @param namespaces of {@link dev.weft.kube.KindSpec#namespaces()}
 * @param policies of {@link dev.weft.kube.KindSpec#networkPolicies()}
 * @param clusterPolicies of {@link dev.weft.kube.KindSpec#clusterNetworkPolicies()}; synced and empty where there is no such
 *     kind
 * @param nodes of {@link dev.weft.kube.KindSpec#nodes()}
 * @param leases addresses of this node's pods as CNI has given them; any thread
 * @param events takes Events for people; never blocks
 * @param node the own node's name
 */
public record Inputs(
        Store<Pod> pods,
        Store<Namespace> namespaces,
        Store<NetworkPolicy> policies,
        Store<ClusterNetworkPolicy> clusterPolicies,
        Store<Node> nodes,
        Supplier<Map<ObjectKey, List<Ip>>> leases,
        Consumer<EventNote> events,
        String node) {

    boolean isSynced() {
        return pods.isSynced()
                && namespaces.isSynced()
                && policies.isSynced()
                && clusterPolicies.isSynced()
                && nodes.isSynced();
    }
}
