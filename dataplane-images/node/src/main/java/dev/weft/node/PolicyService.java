package dev.weft.node;

import dev.weft.agent.Check;
import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.agent.SyncLoop;
import dev.weft.agent.SyncTiming;
import dev.weft.agent.TimeSource;
import dev.weft.cni.pod.PodGate;
import dev.weft.cni.protocol.PodName;
import dev.weft.config.NodeConfig;
import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.CustomWatcher;
import dev.weft.kube.EventRecorder;
import dev.weft.kube.KindSpec;
import dev.weft.kube.KubeClient;
import dev.weft.kube.Namespace;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.Node;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.kube.Store;
import dev.weft.kube.WatchMetrics;
import dev.weft.kube.Watcher;
import dev.weft.linux.Netns;
import dev.weft.net.Ip;
import dev.weft.networkpolicy.Inputs;
import dev.weft.networkpolicy.NetworkPolicyRole;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Network policy on this node: watches for it if it is on, and removes what an earlier process made if it is off. With
 * the role on, no pod starts before its policies are in force.
 */
final class PolicyService implements AutoCloseable {
    private static final Log LOG = Log.of("network-policy");

    /** Nobody else makes what is removed, so a look after a failure is enough. */
    private static final Duration LOOK = Duration.ofHours(1);

    /** The definition by which a cluster has that kind, or has not. */
    private static final String CLUSTER_NETWORK_POLICIES = "clusternetworkpolicies.policy.networking.k8s.io";

    private final Optional<Running> running;
    private final SyncLoop cleanup;
    private volatile Supplier<Map<ObjectKey, List<Ip>>> leases = Map::of;

    /** The role and its watches. */
    private record Running(
            NetworkPolicyRole role,
            Watcher<Pod> pods,
            Watcher<Namespace> namespaces,
            Watcher<NetworkPolicy> policies,
            CustomWatcher<ClusterNetworkPolicy> clusterPolicies) {}

    /** Who this is, and what it has in common with others of the process. */
    record Surroundings(String node, KubeClient client, Store<Node> nodes, EventRecorder events, Netns netns) {}

    PolicyService(NodeConfig config, Surroundings around, Metrics metrics, TimeSource time) {
        cleanup = new SyncLoop(
                "policy-cleanup",
                SyncTiming.of(Duration.ofSeconds(1), LOOK),
                request -> removeWhatWasMade(around.netns()));
        running =
                config.networkPolicy().enabled() ? Optional.of(open(config, around, metrics, time)) : Optional.empty();
    }

    private Running open(NodeConfig config, Surroundings around, Metrics metrics, TimeSource time) {
        KubeClient client = around.client();
        Watcher<Pod> pods = new Watcher<>(client, KindSpec.pods());
        Watcher<Namespace> namespaces = new Watcher<>(client, KindSpec.namespaces());
        Watcher<NetworkPolicy> policies = new Watcher<>(client, KindSpec.networkPolicies());
        WatchMetrics.register(metrics, pods);
        CustomWatcher<ClusterNetworkPolicy> clusterPolicies =
                new CustomWatcher<>(client, CLUSTER_NETWORK_POLICIES, "v1alpha2", KindSpec.clusterNetworkPolicies());
        WatchMetrics.register(metrics, policies);
        WatchMetrics.register(metrics, clusterPolicies);
        NetworkPolicyRole role = NetworkPolicyRole.open(
                config.networkPolicy(),
                new Inputs(
                        pods.store(),
                        namespaces.store(),
                        policies.store(),
                        clusterPolicies.store(),
                        around.nodes(),
                        () -> leases.get(),
                        around.events()::record,
                        around.node()),
                around.netns(),
                metrics,
                time);
        return new Running(role, pods, namespaces, policies, clusterPolicies);
    }

    private static void removeWhatWasMade(Netns netns) {
        List<String> removed = NetworkPolicyRole.cleanup(netns);
        if (!removed.isEmpty()) {
            LOG.info("the role is off: removed what it had made", "what", removed);
        }
    }

    /** What CNI asks before a pod starts. */
    PodGate gate() {
        return running.<PodGate>map(now -> new Gate(now.role())).orElse(PodGate.OPEN);
    }

    private record Gate(NetworkPolicyRole role) implements PodGate {
        @Override
        public void leasesChanged() {
            role.leasesChanged();
        }

        @Override
        public Optional<String> admit(PodName pod, String uid, List<Ip> ips) throws InterruptedException {
            // Not a pod of Kubernetes: a runtime's own, of which no policy can speak.
            return pod.name().isEmpty()
                    ? Optional.empty()
                    : role.awaitPolicies(new ObjectKey(pod.namespace(), pod.name()), uid, ips);
        }
    }

    /** @param current addresses of this node's pods, as CNI has leased them */
    void start(Supplier<Map<ObjectKey, List<Ip>>> current) {
        leases = current;
        running.ifPresentOrElse(
                now -> {
                    now.role().start();
                    now.pods().start();
                    now.namespaces().start();
                    now.policies().start();
                    now.clusterPolicies().start();
                },
                cleanup::start);
    }

    /** The role, if it is on. */
    Optional<NetworkPolicyRole> role() {
        return running.map(Running::role);
    }

    /** Holds also while the role is off. */
    Check readiness() {
        return running.map(now -> now.role().readiness()).orElse(Check.good());
    }

    Check liveness() {
        return running.map(now -> now.role().liveness()).orElse(Check.good());
    }

    /** The kernel goes on as it is. */
    @Override
    public void close() {
        cleanup.close();
        running.ifPresent(now -> {
            now.pods().close();
            now.namespaces().close();
            now.policies().close();
            now.clusterPolicies().close();
            now.role().close();
        });
    }
}
