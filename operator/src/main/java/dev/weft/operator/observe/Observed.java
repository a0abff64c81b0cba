package dev.weft.operator.observe;

import dev.weft.api.ClusterNetworkStatus;
import dev.weft.config.NodeStatus;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a plan and a status are made from, at one moment.
 *
 * @param now the moment
 * @param namespaceUid of the namespace that the operator is in
 * @param generation of the spec
 * @param previous the status as it stands
 * @param nodes sorted by name
 * @param pods of node agents and of the clean-up
 * @param live revisions that the cluster keeps
 * @param agents latest report by node name; a node that was not asked yet is absent
 * @param kubeProxyPods nodes on their way from kube-proxy or back that have a pod of it, and whether it is ready
 * @param dns Weft's DNS servers
 * @param ingress Weft's ingress proxies
 * @param repairs what the operator put back in the last minutes
 */
public record Observed(
        Instant now,
        String namespaceUid,
        long generation,
        ClusterNetworkStatus previous,
        Discovered discovered,
        List<NodeInfo> nodes,
        List<AgentPod> pods,
        List<LiveRevision> live,
        Map<String, AgentReport> agents,
        Map<String, Boolean> kubeProxyPods,
        DnsServers dns,
        IngressServers ingress,
        List<NodeStatus.Repair> repairs) {

    public Observed {
        nodes = nodes.stream().sorted(Comparator.comparing(NodeInfo::name)).toList();
        pods = pods.stream().sorted(Comparator.comparing(AgentPod::name)).toList();
        live = live.stream().sorted(Comparator.comparing(LiveRevision::name)).toList();
        agents = Map.copyOf(agents);
        kubeProxyPods = Map.copyOf(kubeProxyPods);
        repairs = List.copyOf(repairs);
    }

    /** The pod of this revision on this node that is not on its way out; the newest if there are several. */
    public Optional<AgentPod> pod(String node, String revision) {
        return pods.stream()
                .filter(p -> p.node().equals(node) && p.revision().equals(revision) && !p.terminating())
                .max(Comparator.comparing(AgentPod::createdAt));
    }

    public Optional<LiveRevision> live(String revision) {
        return live.stream().filter(r -> r.name().equals(revision)).findFirst();
    }
}
