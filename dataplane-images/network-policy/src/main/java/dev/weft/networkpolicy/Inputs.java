package dev.weft.networkpolicy;

import dev.weft.kube.Namespace;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.kube.Store;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the role goes by. The watches may be started before or after the role.
 *
 * @param pods of {@link dev.weft.kube.KindSpec#pods()}
 * @param namespaces of {@link dev.weft.kube.KindSpec#namespaces()}
 * @param policies of {@link dev.weft.kube.KindSpec#networkPolicies()}
 * @param leases addresses of this node's pods as CNI has given them; any thread
 * @param node the own node's name
 */
public record Inputs(
        Store<Pod> pods,
        Store<Namespace> namespaces,
        Store<NetworkPolicy> policies,
        Supplier<Map<ObjectKey, List<Ip>>> leases,
        String node) {

    boolean isSynced() {
        return pods.isSynced() && namespaces.isSynced() && policies.isSynced();
    }
}
