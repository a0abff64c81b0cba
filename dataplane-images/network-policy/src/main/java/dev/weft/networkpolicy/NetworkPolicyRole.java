package dev.weft.networkpolicy;

import dev.weft.agent.Backoff;
import dev.weft.agent.Check;
import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.agent.SyncLoop;
import dev.weft.agent.SyncRequest;
import dev.weft.agent.SyncTiming;
import dev.weft.agent.TimeSource;
import dev.weft.config.NodeConfig;
import dev.weft.config.NodeConfig.NetworkPolicy.OnStartTimeout;
import dev.weft.kube.Change;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Store;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import dev.weft.net.Ip;
import dev.weft.nftables.NftablesKernel;
import dev.weft.nftables.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The node's network policy: follows Pods, Namespaces, NetworkPolicies, ClusterNetworkPolicies and Nodes, and has the kernel
 * enforce the policies on this node's pods. The owner calls {@link #start} once and {@link #close} at the end; closing leaves the kernel as it is, so that
 * the next process takes over, and no packet passes or is lost that should not.
 */
public final class NetworkPolicyRole implements AutoCloseable {
    private static final Log LOG = Log.of("network-policy");

    /** Changes gather for so long after a sync; one that comes alone is programmed at once. */
    private static final Duration GATHER = Duration.ofMillis(10);

    /** How long a table can be gone that somebody else deleted. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    /** Reading all connections takes a while on a busy node. */
    private static final Duration GATHER_FLOWS = Duration.ofMillis(100);

    /** Counters are read at most so often: each time the kernel sends all rules. */
    private static final Duration COUNT = Duration.ofSeconds(5);

    private static final Duration LIVENESS = Duration.ofMinutes(5);
    private static final Backoff RETRY = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

    private final NodeConfig.NetworkPolicy config;
    private final Inputs inputs;
    private final Netns netns;
    private final TimeSource time;
    private final Pending pending = new Pending();
    private final Waiters waiters = new Waiters();
    private final NftablesKernel nftables;
    private final Flows flows;
    private final PolicyMetrics metrics;
    private final PolicySync sync;
    private final SyncLoop loop;
    private final SyncLoop flowLoop;
    private final AtomicBoolean started = new AtomicBoolean();
    private Effect owed = new Effect();
    private Optional<FlowLog> flowLog = Optional.empty();
    private OptionalLong countedAt = OptionalLong.empty();

    /**
     * Opens what it needs in the kernel, but changes nothing before {@link #start}.
     *
     * @param netns the node's network namespace
     * @throws LinuxException if there are no netlink sockets to be had
     */
    public static NetworkPolicyRole open(
            NodeConfig.NetworkPolicy config, Inputs inputs, Netns netns, Metrics metrics, TimeSource time) {
        return new NetworkPolicyRole(config, inputs, netns, metrics, time);
    }

    private NetworkPolicyRole(
            NodeConfig.NetworkPolicy config, Inputs inputs, Netns netns, Metrics metrics, TimeSource time) {
        this.config = config;
        this.inputs = inputs;
        this.netns = netns;
        this.time = time;
        this.nftables = NftablesKernel.openIn(netns);
        this.flows = Flows.openIn(netns);
        this.metrics = new PolicyMetrics(metrics);
        this.sync = new PolicySync(
                new PolicySync.Parts(
                        inputs.node(),
                        config.onStartTimeout() == OnStartTimeout.ISOLATE,
                        inputs::isSynced,
                        inputs.leases(),
                        nftables,
                        this::owe,
                        inputs.events()),
                pending,
                waiters,
                this.metrics,
                time);
        this.loop = new SyncLoop(
                "policies", new SyncTiming(GATHER, LOOK, RETRY), this::sync, time, RandomGenerator.getDefault());
        this.flowLoop = new SyncLoop(
                "policy-flows",
                new SyncTiming(GATHER_FLOWS, LOOK, RETRY),
                request -> judge(),
                time,
                RandomGenerator.getDefault());
        PolicyMetrics.sizes(metrics, sync::counts);
    }

    /** Begins to follow the watches, whether they have been started or not; returns at once. */
    public void start() {
        follow(inputs.pods(), pending::pod, "pods");
        follow(inputs.namespaces(), pending::namespace, "namespaces");
        follow(inputs.policies(), pending::policy, "policies");
        follow(inputs.clusterPolicies(), pending::clusterPolicy, "cluster policies");
        follow(inputs.nodes(), pending::node, "nodes");
        if (config.logDenied()) {
            try {
                flowLog = Optional.of(FlowLog.start(netns, sync::name, sync::denials, sync::rule, metrics, time));
            } catch (LinuxException e) {
                LOG.warn("denied traffic is counted, but not logged", e);
            }
        }
        // A cluster may have no policy at all, of which nobody would be told.
        inputs.pods().onSynced(() -> changed("pods"));
        inputs.namespaces().onSynced(() -> changed("namespaces"));
        inputs.policies().onSynced(() -> changed("policies"));
        inputs.clusterPolicies().onSynced(() -> changed("cluster policies"));
        inputs.nodes().onSynced(() -> changed("nodes"));
    }

    private <T> void follow(Store<T> store, Consumer<Change<T>> to, String what) {
        store.onChange(change -> {
            to.accept(change);
            changed(what);
        });
    }

    /** The kernel is left alone until everything has been told. */
    private void changed(String what) {
        if (inputs.isSynced()) {
            if (started.compareAndSet(false, true)) {
                loop.start();
                flowLoop.start();
            }
            loop.trigger(what);
        }
    }

    private void sync(SyncRequest request) {
        if (!sync.isDone()) {
            // A store that is synced still tells of its objects, one by one; without those not told of yet, pods would
            // be open for a moment that an earlier process had isolated.
            pending.known(inputs);
        }
        sync.sync(request);
    }

    private void owe(Effect effect) {
        if (!effect.isEmpty()) {
            synchronized (this) {
                owed.add(effect);
            }
            flowLoop.trigger("policies");
        }
    }

    private synchronized Effect takeOwed() {
        Effect taken = owed;
        owed = new Effect();
        return taken;
    }

    /** On the thread of the loop for connections, which also looks at what was counted. */
    private void judge() {
        if (!sync.isDone()) {
            return;
        }
        Effect effect = takeOwed();
        if (!effect.isEmpty()) {
            try {
                int cut = flows.judge(effect, sync::allows);
                if (cut > 0) {
                    metrics.cut(cut);
                    LOG.info("connections cut that policies forbid by now", "connections", cut);
                }
            } catch (RuntimeException e) {
                owe(effect);
                throw e;
            }
        }
        if (countedAt.isEmpty() || time.since(countedAt.getAsLong()).compareTo(COUNT) >= 0) {
            countedAt = OptionalLong.of(time.nanos());
            try (NftablesKernel own = NftablesKernel.openIn(netns)) {
                metrics.denied(own.counters(Layout.TABLE), sync.denials());
            }
        }
    }

    /** CNI has given a pod addresses, or taken them. Any thread. */
    public void leasesChanged() {
        pending.leases();
        changed("leases");
    }

    /**
     * Waits until the policies of a pod that starts are in force, for as long as is configured.
     *
     * @param uid of the Pod; empty if the runtime did not tell
     * @param ips its addresses, already leased
     * @return why it must not start, for people; empty if it may
     */
    public Optional<String> awaitPolicies(ObjectKey pod, String uid, List<Ip> ips) throws InterruptedException {
        long began = time.nanos();
        Waiters.Waiter waiter = waiters.add(pod, uid, ips);
        leasesChanged();
        boolean inTime = waiters.await(waiter, Duration.ofSeconds(config.startTimeoutSeconds()));
        metrics.started(inTime, time.since(began));
        if (inTime) {
            return Optional.empty();
        }
        String why = "its network policies are not in force after " + config.startTimeoutSeconds() + " s: "
                + (inputs.isSynced()
                        ? loop.status().failuresInARow() > 0
                                ? loop.status().lastError()
                                : "the API server has not told this node of the pod"
                        : "the API server has not told of all pods and policies yet");
        LOG.warn(
                "a pod's start did not get its policies in time",
                "pod",
                pod,
                "then",
                config.onStartTimeout(),
                "why",
                why);
        return config.onStartTimeout() == OnStartTimeout.REFUSE ? Optional.of(why) : Optional.empty();
    }

    /** Stops; the kernel goes on enforcing what it has. */
    @Override
    public void close() {
        loop.close();
        flowLoop.close();
        flowLog.ifPresent(FlowLog::close);
        flows.close();
        nftables.close();
    }

    /** Fails only for what a restart mends. */
    public Check liveness() {
        Check policies = loop.liveness(LIVENESS);
        return policies.ok() ? flowLoop.liveness(LIVENESS) : policies;
    }

    /** Holds once all policies are in the kernel, and while the latest sync went well. */
    public Check readiness() {
        if (!inputs.isSynced()) {
            return Check.bad("the API server has not told of all pods and policies yet");
        }
        return sync.isDone() ? loop.readiness() : Check.bad("not programmed yet");
    }

    /**
     * Whether a connection passes the policies of this node's pods and why, for people; lines of text.
     *
     * @param destination a pod's own address, not that of a Service
     * @param protocol IP protocol number
     * @param port 1 to 65535
     */
    public String trace(Ip source, Ip destination, int protocol, int port) {
        return sync.trace(source, destination, protocol, port);
    }

    /**
     * Removes every kernel object of the role. Connections that it cut stay marked, which means nothing without it.
     *
     * @return what was removed, for people; empty when there was nothing
     * @throws dev.weft.nftables.NftablesException if the kernel refuses
     */
    public static List<String> cleanup(Netns netns) {
        try (NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            if (!nftables.exists(Layout.TABLE)) {
                return List.of();
            }
            nftables.commit(Transaction.delete(Layout.TABLE));
            return List.of("table " + Layout.TABLE);
        }
    }
}
