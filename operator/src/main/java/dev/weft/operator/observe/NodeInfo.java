package dev.weft.operator.observe;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import dev.weft.operator.revision.Names;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What matters of a Node.
 *
 * @param podCidrs ranges that the cluster gave the node, empty when it gave none
 * @param internalIps addresses of type InternalIP
 * @param milliCores of CPU for pods; 0 while the kubelet has not said
 * @param ready whether the kubelet says so
 * @param readySince when {@code ready} last changed
 * @param revision the revision that the node is pinned to, if any
 * @param movedAt when the operator pinned it, if it did
 */
public record NodeInfo(
        String name,
        Map<String, String> labels,
        List<TaintInfo> taints,
        List<Cidr> podCidrs,
        List<Ip> internalIps,
        int milliCores,
        boolean ready,
        Instant readySince,
        Optional<String> revision,
        Optional<Instant> movedAt) {

    public NodeInfo {
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
        podCidrs = List.copyOf(podCidrs);
        internalIps = List.copyOf(internalIps);
    }

    /** How far it is on its way from kube-proxy to Weft or back, {@link Names#KUBE_PROXY}; empty when it is on none. */
    public String kubeProxy() {
        return labels.getOrDefault(Names.KUBE_PROXY, "");
    }

    /** Whether its kubelet has gone silent, as opposed to one that waits for its network. */
    public boolean unreachable() {
        return taints.stream().anyMatch(t -> t.key().equals("node.kubernetes.io/unreachable"));
    }

    /** Whether new pods are kept off it. */
    public boolean cordoned() {
        return taints.stream().anyMatch(t -> t.key().equals("node.kubernetes.io/unschedulable"));
    }

    /** A taint as of {@code core/v1}; the value is empty when there is none. */
    public record TaintInfo(String key, String value, String effect) {}
}
