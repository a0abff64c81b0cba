package dev.weft.operator.dns;

import dev.weft.api.DnsPlacement;
import dev.weft.operator.observe.ClusterDns.DnsService;
import dev.weft.operator.observe.ClusterDns.Owner;
import dev.weft.operator.observe.DnsServers;
import dev.weft.operator.observe.Workload;
import java.util.Optional;

/**
 * How far the servers are on their way from one placement to another. First those of the new placement run beside those
 * of the old; once all are ready the Service prefers what it is to prefer; and when it is seen to do so, the old ones go.
 * At each moment every ready server answers for every node that has none of its own, so no order of events, and no node
 * that hears of them late, leads a query to nobody.
 *
 * @param deployment whether there are servers for all nodes
 * @param daemonSet whether there is a server on each node
 * @param distribution the trafficDistribution of the Service, if it is to have one
 * @param complete whether all servers of the wanted placement are ready
 * @param note what is under way, for people; empty when nothing is
 */
record DnsStage(
        boolean deployment, boolean daemonSet, Optional<String> distribution, boolean complete, Optional<String> note) {
    /** core/v1 ServiceTrafficDistributionPreferSameNode, KEP-3015. */
    static final String PREFER_SAME_NODE = "PreferSameNode";

    /**
     * @param service the Service kube-dns, if there is one
     * @param away how many nodes have gone silent: their servers are not waited for
     */
    static DnsStage of(DnsPlacement wanted, DnsServers servers, Optional<DnsService> service, int away) {
        Optional<String> former = service.flatMap(DnsService::formerDistribution);
        Optional<String> now = service.filter(s -> s.owner() == Owner.WEFT || s.owner() == Owner.TAKEN)
                .flatMap(DnsService::distribution);
        boolean prefers = now.filter(PREFER_SAME_NODE::equals).isPresent();
        return switch (wanted) {
            case CLUSTER -> {
                boolean complete = servers.running().filter(Workload::complete).isPresent();
                boolean turned = !prefers || former.equals(now);
                boolean old = servers.nodeLocal().isPresent();
                yield new DnsStage(
                        true,
                        old && !(complete && turned),
                        old && !complete ? now : former,
                        complete,
                        old ? Optional.of(toCluster(servers.running())) : Optional.empty());
            }
            case NODE_LOCAL -> {
                boolean complete = servers.nodeLocal()
                        .filter(r -> r.desired() > away && r.completeBut(away))
                        .isPresent();
                boolean old = servers.running().isPresent();
                yield new DnsStage(
                        old && !(complete && prefers),
                        true,
                        old && !complete && !prefers ? former : Optional.of(PREFER_SAME_NODE),
                        complete,
                        old ? Optional.of(toNodes(servers.nodeLocal())) : Optional.empty());
            }
        };
    }

    private static String toCluster(Optional<Workload> servers) {
        return servers.map(r -> Math.min(r.updated(), r.available()) + " of " + r.desired())
                        .orElse("none")
                + " of the DNS servers for all nodes are ready; those on the nodes stay until all are";
    }

    private static String toNodes(Optional<Workload> servers) {
        return servers.map(r -> Math.min(r.updated(), r.available()) + " of " + r.desired() + " nodes have")
                        .orElse("no node has")
                + " a DNS server of their own; those for all nodes stay until all nodes have one";
    }
}
