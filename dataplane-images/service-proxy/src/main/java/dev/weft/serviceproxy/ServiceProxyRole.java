package dev.weft.serviceproxy;

import dev.weft.agent.Backoff;
import dev.weft.agent.Check;
import dev.weft.agent.Metrics;
import dev.weft.agent.SyncLoop;
import dev.weft.agent.SyncRequest;
import dev.weft.agent.SyncTiming;
import dev.weft.agent.TimeSource;
import dev.weft.kube.Node;
import dev.weft.linux.Netns;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.nftables.NftablesKernel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The node's service proxy: follows Services and EndpointSlices, programs the kernel, answers health checks. The owner
 * calls {@link #start} once and {@link #close} at the end; closing leaves the kernel as it is, so that the next process
 * takes over without a packet lost.
 */
public final class ServiceProxyRole implements AutoCloseable {
    /** Changes gather for so long after a sync; one that comes alone is programmed at once. */
    private static final Duration GATHER = Duration.ofMillis(20);

    /** How long a table can be gone that somebody else deleted. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private static final Duration LIVENESS = Duration.ofMinutes(5);

    private final ProxyConfig config;
    private final Inputs inputs;
    private final TimeSource time;
    private final Pending pending = new Pending();
    private final NftablesKernel nftables;
    private final KernelFlows flows;
    private final HealthPorts ports;
    private final OwnPorts ownPorts;
    private final ProxyHealth health;
    private final ProxyMetrics metrics;
    private final ProxySync sync;
    private final SyncLoop loop;
    private final AtomicBoolean started = new AtomicBoolean();

    /**
     * Opens what it needs in the kernel, but changes nothing before {@link #start}.
     *
     * @param netns the node's network namespace
     * @throws dev.weft.linux.LinuxException if there are no netlink sockets to be had
     */
    public static ServiceProxyRole open(
            ProxyConfig config, Inputs inputs, Netns netns, Metrics metrics, TimeSource time) {
        return new ServiceProxyRole(config, inputs, netns, metrics, time);
    }

    private ServiceProxyRole(ProxyConfig config, Inputs inputs, Netns netns, Metrics metrics, TimeSource time) {
        this.config = config;
        this.inputs = inputs;
        this.time = time;
        this.nftables = NftablesKernel.openIn(netns);
        this.flows = KernelFlows.openIn(netns);
        this.health = new ProxyHealth(time);
        this.ports = new HealthPorts(netns, health::isHealthy);
        this.ownPorts = new OwnPorts(ports, this::healthz, this::livez, metrics::text);
        this.metrics = new ProxyMetrics(metrics, pending);
        this.sync = new ProxySync(
                new ProxySync.Parts(
                        config, inputs.node(), this::node, this::isSynced, nftables, new CountedFlows(), this::follow),
                pending,
                this.metrics,
                time);
        this.loop = new SyncLoop(
                "services",
                new SyncTiming(GATHER, LOOK, new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10))),
                this::sync,
                time,
                RandomGenerator.getDefault());
    }

    /** Begins to follow the watches, whether they have been started or not; returns at once. */
    public void start() {
        inputs.services().onChange(change -> {
            pending.service(change);
            changed("services");
        });
        inputs.slices().onChange(change -> {
            pending.slice(change);
            changed("endpoints");
        });
        inputs.nodes().onChange(change -> {
            if (change.key().name().equals(inputs.node())) {
                changed("node");
            }
        });
        if (isSynced()) {
            changed("start");
        }
        servePorts();
    }

    /** The kernel is left alone until everything has been told; a cluster always has a Service, a slice and this node. */
    private void changed(String what) {
        health.queued();
        metrics.queued(time.now());
        if (isSynced()) {
            if (started.compareAndSet(false, true)) {
                loop.start();
            }
            loop.trigger(what);
        }
    }

    private boolean isSynced() {
        return inputs.services().isSynced()
                && inputs.slices().isSynced()
                && inputs.nodes().isSynced();
    }

    private Optional<Node> node() {
        return inputs.nodes().snapshot().get(inputs.node());
    }

    /** The kernel's flows, and how long it takes to forget some. */
    private final class CountedFlows implements FlowTable {
        @Override
        public int forget(Family family, Function<Set<Ip>, UdpFlows> rules) {
            long began = time.nanos();
            int forgotten = flows.forget(family, rules);
            metrics.conntrack(family == Family.IPV4 ? "IPv4" : "IPv6", time.since(began), forgotten);
            return forgotten;
        }

        @Override
        public void leaving(Family family, Set<Backend> endpoints) {
            flows.leaving(family, endpoints);
        }
    }

    /** Where node ports are narrowed to some of the node's addresses, so are health checks, as with kube-proxy. */
    private void follow(List<HealthCheck> checks, Site site) {
        boolean narrow = !checks.isEmpty() && !config.nodePortAddresses().isEmpty();
        Set<Ip> present = narrow ? flows.addresses() : Set.of();
        ports.follow(checks, NodePortAddresses.listening(config, site, present));
    }

    private void sync(SyncRequest request) {
        servePorts();
        Optional<Long> since = health.begin();
        try {
            if (!sync.isDone()) {
                // A store that is synced still tells of its objects, one by one: without those not told of yet the
                // tables that an earlier process left would lose what they serve.
                pending.known(
                        inputs.services().snapshot().objects(),
                        inputs.slices().snapshot().objects());
            }
            sync.sync(request);
            if (sync.isDone()) {
                health.succeeded();
            }
        } catch (RuntimeException e) {
            health.failed(since);
            throw e;
        }
    }

    /**
     * Serves the proxy's own ports as far as they are not served yet: another proxy on the node may hold them for a while.
     * To be called from time to time; any thread.
     */
    public void servePorts() {
        if (ownPorts.serve()) {
            // Whoever had it has left: so are the ports free that it had for single Services.
            loop.triggerFull("health ports");
        }
    }

    private HealthPorts.Answer healthz() {
        boolean eligible = ProxyHealth.isEligible(node());
        int code = health.isHealthy() && eligible ? 200 : 503;
        metrics.healthz(code);
        return HealthPorts.Answer.json(code, health.json(eligible));
    }

    private HealthPorts.Answer livez() {
        int code = health.isHealthy() ? 200 : 503;
        metrics.livez(code);
        return HealthPorts.Answer.json(code, health.json(ProxyHealth.isEligible(node())));
    }

    /** Stops; the kernel goes on serving what it has. */
    @Override
    public void close() {
        loop.close();
        ports.close();
        flows.close();
        nftables.close();
    }

    /** Fails only for what a restart mends. */
    public Check liveness() {
        return loop.liveness(LIVENESS);
    }

    /** Holds once all Services are in the kernel, and while the latest sync went well. */
    public Check readiness() {
        if (!started.get()) {
            return Check.bad("the API server has not told of all Services yet");
        }
        Check programmed = sync.isDone() ? loop.readiness() : Check.bad("not programmed yet");
        List<Integer> missing = ownPorts.missing();
        return programmed.ok() && !missing.isEmpty()
                ? new Check(
                        true,
                        "ports " + missing
                                + " are another program's, perhaps kube-proxy's; the proxy's pages are"
                                + " not served there until they are free")
                : programmed;
    }

    public Progress progress() {
        return new Progress(
                sync.isDone(),
                sync.services(),
                sync.endpoints(),
                pending.pendingServices() + pending.pendingSlices(),
                loop.status().failuresInARow() > 0 ? loop.status().lastError() : "");
    }

    /**
     * Where a connection would go and why, for people; lines of text.
     *
     * @param protocol IP protocol number
     * @param port 1 to 65535
     */
    public String trace(Ip source, Ip destination, int protocol, int port) {
        return sync.trace(source, destination, protocol, port);
    }

    /**
     * Removes every kernel object of the role.
     *
     * @return what was removed, for people; empty when there was nothing
     * @throws dev.weft.nftables.NftablesException if the kernel refuses
     */
    public static List<String> cleanup(Netns netns) {
        List<String> removed = new ArrayList<>();
        try (NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            for (Family family : Family.values()) {
                if (Programmer.remove(nftables, family)) {
                    removed.add("table " + Layout.table(family));
                }
            }
        }
        return List.copyOf(removed);
    }
}
