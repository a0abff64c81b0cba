package dev.weft.node;

import dev.weft.agent.Check;
import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.agent.SyncLoop;
import dev.weft.agent.SyncTiming;
import dev.weft.agent.TimeSource;
import dev.weft.config.NodeConfig;
import dev.weft.kube.EndpointSlice;
import dev.weft.kube.KindSpec;
import dev.weft.kube.KubeClient;
import dev.weft.kube.Node;
import dev.weft.kube.Service;
import dev.weft.kube.Snapshot;
import dev.weft.kube.Store;
import dev.weft.kube.WatchMetrics;
import dev.weft.kube.Watcher;
import dev.weft.linux.Netns;
import dev.weft.serviceproxy.Inputs;
import dev.weft.serviceproxy.ProxyConfig;
import dev.weft.serviceproxy.ServiceProxyRole;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The service proxy of this node and what it has to do with kube-proxy: watches for it if it is on, removes what an
 * earlier process made if it is off, tells whose rules are in the kernel, and clears up after a kube-proxy that has left.
 */
final class ProxyService implements AutoCloseable {
    private static final Log LOG = Log.of("service-proxy");

    /** On the Node, set by the operator: how far it is on its way from kube-proxy to Weft or back. */
    private static final String LABEL = "weft.dev/kube-proxy";

    private static final String GONE = "gone";

    /** A few questions to the kernel each time. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final String node;
    private final Store<Node> nodes;
    private final Netns netns;
    private final ConntrackLimits limits;
    private final Consumer<List<String>> found;
    private final KubeProxyRules kubeProxy;
    private final SyncLoop rules;
    private final Optional<Running> running;
    private boolean cleaned;

    /** The role and its watches. */
    private record Running(ServiceProxyRole role, Watcher<Service> services, Watcher<EndpointSlice> slices) {}

    /**
     * @param nodes at least the own one
     * @param limits of connection tracking, kept while the role is on
     * @param found is told which of kube-proxy's modes the kernel has rules of
     */
    ProxyService(
            NodeConfig config,
            String node,
            KubeClient client,
            Store<Node> nodes,
            Netns netns,
            ConntrackLimits limits,
            Metrics metrics,
            TimeSource time,
            Consumer<List<String>> found) {
        this.node = node;
        this.nodes = nodes;
        this.netns = netns;
        this.limits = limits;
        this.found = found;
        kubeProxy = KubeProxyRules.open();
        rules = new SyncLoop("kube-proxy", SyncTiming.of(Duration.ofSeconds(1), LOOK), request -> look());
        running = config.serviceProxy().enabled()
                ? Optional.of(open(config, node, client, nodes, netns, metrics, time))
                : Optional.empty();
    }

    private static Running open(
            NodeConfig config,
            String node,
            KubeClient client,
            Store<Node> nodes,
            Netns netns,
            Metrics metrics,
            TimeSource time) {
        Watcher<Service> services = new Watcher<>(client, KindSpec.services());
        Watcher<EndpointSlice> slices = new Watcher<>(client, KindSpec.endpointSlices());
        WatchMetrics.register(metrics, services);
        WatchMetrics.register(metrics, slices);
        ServiceProxyRole role = ServiceProxyRole.open(
                ProxyConfig.of(config),
                new Inputs(services.store(), slices.store(), nodes, node),
                netns,
                metrics,
                time);
        return new Running(role, services, slices);
    }

    /** Before the watch of nodes is started. */
    void start() {
        running.ifPresent(now -> {
            now.role().start();
            now.services().start();
            now.slices().start();
        });
        nodes.onChange(change -> {
            if (change.after()
                    .or(change::before)
                    .filter(n -> n.name().equals(node))
                    .isPresent()) {
                rules.trigger("node");
            }
        });
        rules.start();
    }

    /** The role, if it is on. */
    Optional<ServiceProxyRole> role() {
        return running.map(Running::role);
    }

    /** Holds also while the role is off. */
    Check readiness() {
        return running.map(now -> now.role().readiness()).orElse(Check.good());
    }

    Check liveness(Duration bound) {
        Check loop = rules.liveness(bound);
        return loop.ok() ? running.map(now -> now.role().liveness()).orElse(loop) : loop;
    }

    /** On the thread of the loop. */
    private void look() throws IOException {
        if (running.isPresent()) {
            limits.ensure();
        } else if (!cleaned) {
            List<String> removed = new ArrayList<>(ServiceProxyRole.cleanup(netns));
            removed.addAll(limits.restore());
            if (!removed.isEmpty()) {
                LOG.info("the role is off: removed what it had made", "what", removed);
            }
            cleaned = true;
        }
        List<String> there = kubeProxy.found();
        if (!there.isEmpty()
                && kubeProxyHasLeft()
                && running.isPresent()
                && readiness().ok()) {
            LOG.info("removed what kube-proxy left", "what", kubeProxy.remove());
            there = kubeProxy.found();
        }
        found.accept(there);
        // Where kube-proxy has been, its ports are free now.
        running.ifPresent(now -> now.role().servePorts());
    }

    private boolean kubeProxyHasLeft() {
        Snapshot<Node> snapshot = nodes.snapshot();
        return snapshot.get(node)
                .filter(own -> GONE.equals(own.labels().get(LABEL)))
                .isPresent();
    }

    /** The kernel goes on as it is. */
    @Override
    public void close() {
        rules.close();
        running.ifPresent(now -> {
            now.slices().close();
            now.services().close();
            now.role().close();
        });
        kubeProxy.close();
    }
}
