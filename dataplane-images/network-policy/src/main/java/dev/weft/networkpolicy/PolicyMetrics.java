package dev.weft.networkpolicy;

import dev.weft.agent.Counter;
import dev.weft.agent.Histogram;
import dev.weft.agent.Labelled;
import dev.weft.agent.Metrics;
import dev.weft.kube.ObjectKey;
import dev.weft.nftables.Counted;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Metrics of the role. */
final class PolicyMetrics {
    private static final List<Double> SECONDS =
            List.of(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0);

    private final Histogram sync;
    private final Histogram fullSync;
    private final Labelled<Histogram> starts;
    private final Counter failures;
    private final Counter cut;
    private final Counter logLost;
    private final Labelled<Counter> denied;
    private final Map<String, Long> seen = new HashMap<>();
    private Set<List<String>> named = new HashSet<>();

    PolicyMetrics(Metrics metrics) {
        sync = metrics.histogram("weft_network_policy_sync_seconds", "Time a sync took.", SECONDS);
        fullSync = metrics.histogram(
                "weft_network_policy_full_sync_seconds", "Time a sync took that read the kernel.", SECONDS);
        starts = metrics.histograms(
                "weft_network_policy_pod_start_wait_seconds",
                "Time a pod's start waited for its policies to be in force.",
                SECONDS,
                "result");
        failures = metrics.counter("weft_network_policy_sync_failures_total", "Syncs that the kernel refused.");
        cut = metrics.counter(
                "weft_network_policy_cut_connections_total", "Running connections that a change of policy cut.");
        logLost = metrics.counter(
                "weft_network_policy_log_lost_total", "Denied packets, of the sampled ones, that are in no log line.");
        denied = metrics.counters(
                "weft_network_policy_denied_packets_total",
                "Packets denied to or from this node's pods, by each of the NetworkPolicies that isolate them or by the"
                        + " ClusterNetworkPolicy that denies them, which has no namespace.",
                "direction",
                "namespace",
                "policy",
                "tier");
    }

    static void sizes(Metrics metrics, Supplier<PolicySync.Counts> counts) {
        metrics.gauge(
                "weft_network_policy_policies",
                "NetworkPolicies that are known.",
                () -> counts.get().policies());
        metrics.gauge(
                "weft_network_policy_cluster_policies",
                "ClusterNetworkPolicies that are known.",
                () -> counts.get().clusterPolicies());
        metrics.gauge(
                "weft_network_policy_faulty_cluster_policies",
                "ClusterNetworkPolicies that are not in force as they are written; their Events say why.",
                () -> counts.get().faulty());
        metrics.gauge(
                "weft_network_policy_isolated_pods",
                "Own pods that a policy applies to.",
                () -> counts.get().isolated());
        metrics.gauge(
                "weft_network_policy_profiles",
                "Chains that own pods with the same policies share.",
                () -> counts.get().profiles());
    }

    void synced(Duration took, boolean full) {
        sync.observe(took);
        if (full) {
            fullSync.observe(took);
        }
    }

    void failed() {
        failures.inc();
    }

    void started(boolean inTime, Duration took) {
        starts.of(inTime ? "in-force" : "timeout").observe(took);
    }

    void cut(int connections) {
        cut.add(connections);
    }

    void logLost(long packets) {
        logLost.add(packets);
    }

    /**
     * Takes what the kernel has counted. A chain that was made anew counts from zero.
     *
     * @param chains who denies in each of them
     */
    void denied(Map<String, List<Counted>> counted, Map<String, Denial> chains) {
        Set<List<String>> now = new HashSet<>();
        chains.forEach((chain, denial) -> {
            long packets = counted.getOrDefault(chain, List.of()).stream()
                    .mapToLong(Counted::packets)
                    .sum();
            Long before = seen.put(chain, packets);
            long more = before == null || packets < before ? packets : packets - before;
            String direction = denial.direction() == Direction.INGRESS ? "ingress" : "egress";
            for (ObjectKey policy : denial.policies()) {
                List<String> labels = List.of(
                        direction,
                        policy.namespace(),
                        policy.name(),
                        denial.tier().toString());
                now.add(labels);
                denied.of(labels.toArray(String[]::new)).add(more);
            }
        });
        seen.keySet().retainAll(chains.keySet());
        named.removeAll(now);
        named.forEach(labels -> denied.remove(labels.toArray(String[]::new)));
        named = now;
    }
}
