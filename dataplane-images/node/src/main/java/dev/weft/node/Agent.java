package dev.weft.node;

import dev.weft.agent.Backoff;
import dev.weft.agent.Check;
import dev.weft.agent.Health;
import dev.weft.agent.HealthServer;
import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.agent.ProcessMetrics;
import dev.weft.agent.Shutdown;
import dev.weft.agent.SyncLoop;
import dev.weft.agent.SyncTiming;
import dev.weft.agent.TimeSource;
import dev.weft.cni.routes.KernelNetwork;
import dev.weft.cni.routes.KernelWatch;
import dev.weft.cni.routes.Learned;
import dev.weft.cni.routes.NodePlan;
import dev.weft.cni.routes.Relevance;
import dev.weft.cni.routes.RouteSync;
import dev.weft.cni.routes.SavedSysctls;
import dev.weft.cni.routes.Sysctls;
import dev.weft.cni.routes.Uplink;
import dev.weft.config.ConfigJson;
import dev.weft.config.NodeConfig;
import dev.weft.config.NodeStatus;
import dev.weft.kube.EventRecorder;
import dev.weft.kube.KindSpec;
import dev.weft.kube.KubeClient;
import dev.weft.kube.KubeConfig;
import dev.weft.kube.Namespace;
import dev.weft.kube.Node;
import dev.weft.kube.WatchMetrics;
import dev.weft.kube.WatchStatus;
import dev.weft.kube.Watcher;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The agent of a node: wires the parts together, in the order in which they may begin. The file that makes the runtime
 * send pods comes last.
 */
final class Agent {
    private static final Log LOG = Log.of("node");
    private static final Duration STOP = Duration.ofSeconds(25);
    private static final Backoff RETRY = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
    /** What the kernel tells nobody of, sysctls and nftables, is wrong for no longer than this. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    /** While the node's address is another than the API server knows, connections are made anew this often at most. */
    private static final Duration RECONNECT = Duration.ofSeconds(10);

    private static final Duration LIVENESS = Duration.ofMinutes(2);

    private final NodePaths paths;
    private final NodeIdentity identity;
    private final NodeConfig config;
    private final TimeSource time = TimeSource.system();
    private final Metrics metrics = new Metrics();
    private final Health health = new Health();
    private final Shutdown shutdown = new Shutdown(STOP);
    private final Repairs repairs = new Repairs();
    private final PodService pods;
    private final NodeView view;
    private final RepairLog repairLog;
    private final AgentStatus status;
    private final ProbeRole probe;
    private final ProxyService proxy;
    private final PolicyService policy;
    private final SyncLoop routes;
    private final SyncLoop files;
    private final AtomicBoolean started = new AtomicBoolean();
    private List<String> advice = List.of();
    private boolean serving;
    private OptionalLong reconnectedAt = OptionalLong.empty();

    private Agent(NodePaths paths, NodeIdentity identity, NodeConfig config, KubeConfig api, InetSocketAddress http)
            throws IOException {
        this.paths = paths;
        this.identity = identity;
        this.config = config;
        Netns netns = Netns.current();
        KubeClient client = new KubeClient(api);
        Watcher<Namespace> namespace = new Watcher<>(client, KindSpec.namespace(identity.namespace()));
        Farewell farewell = new Farewell(
                api,
                identity.namespace(),
                () -> namespace.store().snapshot().values().stream().findFirst());
        shutdown.add("clean-up", () -> farewell.clean(paths));
        shutdown.add("netns", netns);
        shutdown.add("api", client);
        shutdown.add("namespace", namespace);
        EventRecorder events = shutdown.add("events", new EventRecorder(client, "weft.dev/node", identity.pod()));
        Watcher<Node> nodes = shutdown.add("nodes", new Watcher<>(client, KindSpec.nodes()));
        repairLog = new RepairLog(repairs, events, time, identity.node());
        view = new NodeView(paths.cachedNodes(), nodes.store()::snapshot);

        policy = shutdown.add(
                "network policy",
                new PolicyService(
                        config,
                        new PolicyService.Surroundings(identity.node(), client, nodes.store(), events, netns),
                        metrics,
                        time));
        pods = shutdown.add("cni", PodService.start(paths, config, metrics, policy.gate()));
        status = new AgentStatus(config, identity.node(), time.now(), repairs, pods::pods);
        probe = shutdown.add(
                "probe", new ProbeRole(identity.node(), config, pods.links(), time, view::learned, this::learned));
        SavedSysctls savedSysctls = SavedSysctls.open(paths.savedSysctls());
        ConntrackLimits limits = new ConntrackLimits(new Sysctls(netns, savedSysctls), OnlineProcessors.count());
        proxy = shutdown.add(
                "service proxy",
                new ProxyService(
                        config,
                        identity.node(),
                        client,
                        nodes.store(),
                        netns,
                        limits,
                        metrics,
                        time,
                        status::kubeProxy));
        proxy.role().ifPresent(role -> status.role(NodeStatus.Role.SERVICE_PROXY, proxy::readiness));
        policy.role().ifPresent(role -> status.role(NodeStatus.Role.NETWORK_POLICY, policy::readiness));
        HostFiles hostFiles = new HostFiles(paths);
        files = shutdown.add(
                "files",
                new SyncLoop(
                        "files",
                        SyncTiming.of(Duration.ofMillis(200), Duration.ofSeconds(30)),
                        request -> repairLog.restored(hostFiles.ensure())));
        KernelNetwork kernel = shutdown.add("kernel", KernelNetwork.open(netns, savedSysctls));
        RouteSync sync =
                new RouteSync(config, identity.node(), view::nodes, view::learned, kernel, new RouteSync.Listener() {
                    @Override
                    public void reached(NodePlan plan, Uplink uplink) throws IOException {
                        Agent.this.reached(plan, uplink);
                    }

                    @Override
                    public void repaired(List<String> what) {
                        repairLog.restored(what);
                    }

                    @Override
                    public void addressGone() {
                        reconnect(client);
                    }
                });
        routes = shutdown.add(
                "routes", new SyncLoop("routes", new SyncTiming(Duration.ofMillis(50), LOOK_AGAIN, RETRY), sync));
        SyncLoop podRepair = shutdown.add(
                "pods",
                new SyncLoop(
                        "pods",
                        SyncTiming.of(Duration.ofSeconds(1), LOOK_AGAIN),
                        request -> repairLog.restored(pods.repair())));

        Relevance relevance = new Relevance(sync::applied, () -> status.uplink().map(Uplink::name));
        KernelWatch watch = shutdown.add("watch", KernelWatch.start(netns, relevance, routes::triggerFull, time));
        nodes.store().onChange(change -> nodesChanged());
        namespace.store().onChange(change -> {
            if (change.after().filter(Namespace::deleting).isPresent()) {
                LOG.warn("this namespace is being deleted: the node will be cleaned when this process is stopped");
            }
        });

        health.live("routes", () -> routes.liveness(LIVENESS))
                .live("files", () -> files.liveness(LIVENESS))
                .live("pods", () -> podRepair.liveness(LIVENESS))
                .live("kernel watch", () -> watch.heartbeat().check())
                .live("probe", probe::liveness)
                .live("service proxy", () -> proxy.liveness(LIVENESS))
                .live("network policy", policy::liveness)
                .ready("routes", () -> routesReadiness(nodes.status()))
                .ready("node", status::ownProblems)
                .ready("cni", pods::readiness)
                .ready("files", files::readiness);
        if (proxy.role().isPresent()) {
            health.ready(NodeStatus.Role.SERVICE_PROXY, proxy::readiness);
        }
        if (policy.role().isPresent()) {
            health.ready(NodeStatus.Role.NETWORK_POLICY, policy::readiness);
        }
        WatchMetrics.register(metrics, nodes);
        WatchMetrics.register(metrics, namespace);
        metrics();
        shutdown.add("http", new HealthServer(http, health, metrics, this::statusJson))
                .local(TraceQuery.PATH, query -> TraceQuery.parse(query).answer(proxy.role(), policy.role()));
        shutdown.add(
                "heartbeat",
                HeartbeatFile.start(paths.heartbeat(), () -> pods.readiness().ok()));
        shutdown.add("farewell", () -> farewell.begin(pods::ownPods));

        proxy.start();
        policy.start(pods::addresses);
        nodes.start();
        namespace.start();
        podRepair.start();
        if (!view.nodes().isEmpty()) {
            nodesChanged(); // as the process before this one knew them
        }
    }

    /**
     * Starts the agent; it stops on SIGTERM.
     *
     * @param http where to serve health, metrics and status
     * @throws IOException if its files or ports cannot be used
     */
    static Agent start(NodePaths paths, NodeIdentity identity, NodeConfig config, InetSocketAddress http)
            throws IOException {
        return start(paths, identity, config, KubeConfig.inPod(config.apiServers()), http);
    }

    static Agent start(
            NodePaths paths, NodeIdentity identity, NodeConfig config, KubeConfig api, InetSocketAddress http)
            throws IOException {
        LOG.info("starting", "node", identity.node(), "version", config.version(), "revision", config.revision());
        Agent agent = new Agent(paths, identity, config, api, http);
        agent.shutdown.install();
        return agent;
    }

    void await() throws InterruptedException {
        shutdown.await();
    }

    /** A loop that ran before anything is known would only fail, and then rest. */
    private void nodesChanged() {
        if (started.compareAndSet(false, true)) {
            routes.start();
        } else {
            routes.trigger("nodes");
        }
    }

    private Check routesReadiness(WatchStatus api) {
        return started.get()
                ? routes.readiness()
                : Check.bad("the API server has not told of any node yet"
                        + (api.lastError().isEmpty() ? "" : ": " + api.lastError()));
    }

    /** What was said to the node's old address is lost; on the thread of the routes' loop. */
    private void reconnect(KubeClient client) {
        if (reconnectedAt.isEmpty() || time.since(reconnectedAt.getAsLong()).compareTo(RECONNECT) > 0) {
            reconnectedAt = OptionalLong.of(time.nanos());
            client.reconnect();
        }
    }

    /** The kernel is as the plan says; on the thread of the routes' loop. */
    private void reached(NodePlan plan, Uplink uplink) throws IOException {
        status.reached(plan, uplink);
        view.save();
        pods.serve(plan.podCidrs(), plan.podMtu());
        Optional<String> unprobed = probe(plan);
        List<String> now = plan.problems().stream()
                .filter(problem -> problem.node().equals(identity.node()) && !problem.blocking())
                .map(problem -> problem.message())
                .toList();
        if (!now.equals(advice)) {
            now.forEach(message -> repairLog.advise("PodMTU", message));
            advice = now;
        }
        if (!serving) {
            FolderWatch watch =
                    FolderWatch.start(Set.of(paths.shim(), paths.loopback(), paths.conflist()), files::trigger);
            shutdown.add("folders", watch);
            files.start();
            serving = true;
            LOG.info(
                    "routes are in place",
                    "uplink",
                    uplink.name(),
                    "podMtu",
                    plan.podMtu(),
                    "podCIDRs",
                    plan.podCidrs(),
                    "peers",
                    plan.peers().size());
        }
        if (unprobed.isPresent()) {
            throw new IOException("the node's network cannot be probed: " + unprobed.get());
        }
    }

    /** Pods need no probes: what is wrong with them comes after all else. */
    private Optional<String> probe(NodePlan plan) {
        try {
            probe.follow(plan);
            probe.prober().ifPresent(status::probing);
            return Optional.empty();
        } catch (IOException | LinuxException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** On the thread of the probe. */
    private void learned(Learned now) {
        boolean before = view.learned().checksumTrouble();
        if (view.learn(now)) {
            routes.trigger("probes");
        }
        if (now.checksumTrouble() && !before) {
            repairLog.advise(
                    "TunnelChecksums",
                    "TCP data got lost in the tunnel while single packets passed: hardware checksums of weft-vxlan are"
                            + " turned off (ethtool -K weft-vxlan tx off)");
        }
    }

    private void metrics() {
        ProcessMetrics.register(metrics);
        metrics.info(
                "weft_node_info",
                "What runs.",
                Map.of("version", config.version(), "revision", config.revision(), "node", identity.node()));
        metrics.gauge("weft_pods", "Pods that hold an address.", pods::pods);
        metrics.counter("weft_repairs_total", "Things put back that somebody else had changed.", repairs::count);
        metrics.gauge(
                "weft_probes", "Targets that are probed.", () -> probe.results().size());
        metrics.gauge(
                "weft_probes_failing",
                "Targets whose latest round was not answered in full.",
                () -> probe.results().stream().filter(result -> !result.ok()).count());
        metrics.counter(
                "weft_probes_sent_total",
                "Probe packets sent.",
                () -> probe.results().stream()
                        .mapToLong(result -> result.sent())
                        .sum());
        metrics.counter(
                "weft_probes_lost_total",
                "Probe packets that were not answered.",
                () -> probe.results().stream()
                        .mapToLong(result -> result.lost())
                        .sum());
    }

    private String statusJson() {
        Check readiness = health.readiness();
        return ConfigJson.write(status.now(readiness));
    }
}
