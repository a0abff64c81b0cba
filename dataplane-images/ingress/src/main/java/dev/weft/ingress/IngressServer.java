package dev.weft.ingress;

import dev.weft.agent.Check;
import dev.weft.agent.Health;
import dev.weft.agent.HealthServer;
import dev.weft.agent.Histogram;
import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.agent.ProcessMetrics;
import dev.weft.agent.Shutdown;
import dev.weft.agent.SyncLoop;
import dev.weft.agent.SyncRequest;
import dev.weft.agent.SyncTiming;
import dev.weft.agent.TimeSource;
import dev.weft.config.IngressConfig;
import dev.weft.config.IngressStatusJson;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.control.Control;
import dev.weft.ingress.control.IngressAddresses;
import dev.weft.ingress.nginx.SelfSigned;
import dev.weft.ingress.proxy.Problem;
import dev.weft.ingress.proxy.ProxyServer;
import dev.weft.ingress.proxy.ProxySettings;
import dev.weft.ingress.route.Certificate;
import dev.weft.kube.EventRecorder;
import dev.weft.kube.KubeClient;
import dev.weft.kube.KubeConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The proxy in a cluster: what is watched is compiled whenever it changed, and swapped in. One thread compiles; changes that
 * come meanwhile are compiled together.
 */
final class IngressServer implements AutoCloseable {
    private static final Log LOG = Log.of("ingress");
    static final String CONTROLLER = IngressConfig.CONTROLLER;

    /** Short, since a change is to be served within 30 ms; it only keeps a burst from being compiled one by one. */
    private static final SyncTiming TIMING = SyncTiming.of(Duration.ofMillis(5), Duration.ofMinutes(10));

    /** For what is written: an answer that takes longer does not come, and all else would wait for it. */
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(5);

    /** Longer than endpoints and load balancers need to learn that this one is not ready. */
    private static final Duration LAME_DUCK = Duration.ofSeconds(10);

    private final String version;
    private final ConfigFile file;
    private final Metrics metrics = new Metrics();
    private final Health health = new Health();
    private final Shutdown shutdown;
    private final CountDownLatch draining = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Certificate fallback = SelfSigned.certificate("ingress.local");
    private final Duration lameDuck;
    private final ClusterFeed feed;
    private final ProxyServer proxy;
    private final Control control;
    private final SyncLoop loop;
    private final HealthServer http;
    private final Report report = new Report();
    private final Histogram compiled;
    private volatile IngressConfig config;
    private volatile List<Problem> problems = List.of();

    // Of the loop's thread.
    private Compiling compiling;
    private IngressConfig compilingFor;
    private final Patience patience = new Patience();
    private volatile boolean served;
    private volatile boolean waiting;

    /** Where the process is, and how it is known. */
    record Place(InetSocketAddress http, String identity, String domain, String version, Duration lameDuck) {
        Place(InetSocketAddress http, String identity, String domain, String version) {
            this(http, identity, domain, version, LAME_DUCK);
        }
    }

    /**
     * Starts.
     *
     * @throws IOException if the port for health and metrics cannot be used
     */
    IngressServer(ConfigFile file, KubeConfig api, Place place) throws IOException {
        this.file = file;
        this.version = place.version();
        this.lameDuck = place.lameDuck();
        this.config = file.first();
        this.compilingFor = config;
        this.compiling = new Compiling(config, fallback);
        this.shutdown = new Shutdown(lameDuck.plusSeconds(config.drainSeconds() + 15));
        KubeClient client = shutdown.add("api", new KubeClient(api));
        EventRecorder events = shutdown.add("events", new EventRecorder(client, CONTROLLER, place.identity()));
        compiled = metrics.histogram(
                "weft_ingress_compile_duration_seconds",
                "From a change that is known to its being served.",
                Histogram.SECONDS);
        proxy = shutdown.add("proxy", new ProxyServer(ProxySettings.of(config), metrics, System.out::println));
        IngressAddresses addresses =
                new IngressAddresses(config.namespace(), config.service().map(Compiling::key));
        loop = new SyncLoop("routes", TIMING, this::sync);
        feed = shutdown.add("feed", new ClusterFeed(client, addresses.watched(), metrics, loop::trigger));
        control = shutdown.add(
                "control",
                new Control(
                        shutdown.add("writes", new KubeClient(api.withRequestTimeout(WRITE_TIMEOUT))),
                        events,
                        config.namespace(),
                        place.identity(),
                        Set.of(
                                config.httpPort(),
                                config.httpsPort(),
                                place.http().getPort()),
                        place.domain(),
                        addresses,
                        TimeSource.system()));
        shutdown.add("routes", loop);
        health.live("routes", () -> loop.liveness(Duration.ofMinutes(2)))
                .ready("cluster", feed::readiness)
                .ready("routes", () -> served ? loop.readiness() : Check.bad("nothing was compiled yet"))
                .ready("ports", this::ports)
                .ready("stopping", () -> draining.getCount() > 0 ? Check.good() : Check.bad("stopping"));
        ProcessMetrics.register(metrics);
        report.register(metrics, () -> file.status().taken());
        http = shutdown.add("http", new HealthServer(place.http(), health, metrics, this::status));
        shutdown.add("ticks", closed::countDown);
        shutdown.add("drain", this::drain);
        proxy.start();
        feed.watch(config.gatewayApi());
        loop.start();
        control.start();
        Thread.ofPlatform().daemon().name("ingress-tick").start(this::ticks);
    }

    /** Stops on signals, from now on. */
    void install() {
        shutdown.install();
    }

    void await() throws InterruptedException {
        shutdown.await();
    }

    int httpPort() {
        return http.port();
    }

    private void ticks() {
        try {
            while (!closed.await(1, TimeUnit.SECONDS)) {
                tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick() {
        try {
            file.look(this::take);
            feed.refresh();
            if (waiting || !problems.isEmpty()) {
                loop.trigger("another try");
            }
        } catch (RuntimeException e) {
            LOG.error("a look at the configuration failed", e);
        }
    }

    /**
     * Takes a changed configuration over.
     *
     * @throws IllegalArgumentException if that is not possible; then nothing has changed
     */
    private void take(IngressConfig now) {
        IngressConfig before = config;
        if (now.httpPort() != before.httpPort()
                || now.httpsPort() != before.httpsPort()
                || !now.namespace().equals(before.namespace())
                || !now.apiServers().equals(before.apiServers())) {
            throw new IllegalArgumentException("ports, namespace and API servers cannot change while it runs");
        }
        config = now;
        proxy.settings(ProxySettings.of(now));
        loop.trigger("configuration");
    }

    private void sync(SyncRequest request) {
        IngressConfig now = config;
        if (!now.equals(compilingFor)) {
            compiling = new Compiling(now, fallback);
            compilingFor = now;
        }
        long began = System.nanoTime();
        Cluster cluster = feed.cluster();
        feed.watch(now.gatewayApi());
        if (!feed.isKnown()) {
            return; // Nobody is told that something is not there before it is known what is there.
        }
        Compiling.Result result = compiling.compile(cluster);
        feed.want(result.assembled().references());
        Set<Object> kinds = feed.missing();
        waiting = patience.awaits(unknown(kinds), began);
        if (waiting) {
            return;
        }
        serve(result, began);
        report.take(cluster, result.parts(), compiling::certificates);
        if (kinds.isEmpty()) {
            control.want(cluster, result.parts());
        }
    }

    /** What to wait for; for names of hosts at the beginning alone: who had an address keeps it until there is another. */
    private Set<Object> unknown(Set<Object> kinds) {
        Set<Object> unknown = new HashSet<>(kinds);
        unknown.addAll(feed.unknownObjects());
        if (!served) {
            unknown.addAll(feed.unknownNames());
        }
        return unknown;
    }

    private void serve(Compiling.Result result, long began) {
        List<Problem> found = proxy.swap(result.assembled().routing());
        served = true;
        compiled.observe(Duration.ofNanos(System.nanoTime() - began));
        if (!found.equals(problems)) {
            found.forEach(problem -> LOG.warn(
                    "not served", "port", problem.port(), "listener", problem.listener(), "why", problem.reason()));
        }
        problems = found;
    }

    private Check ports() {
        IngressConfig now = config;
        Set<Integer> open = proxy.ports();
        if (open.contains(now.httpPort()) && open.contains(now.httpsPort())) {
            return Check.good();
        }
        return Check.bad("ports " + now.httpPort() + " and " + now.httpsPort() + " are not both open: "
                + problems.stream().map(Problem::reason).toList());
    }

    private void drain() throws InterruptedException {
        draining.countDown();
        LOG.info("stopping; still serving while others learn of it", "seconds", lameDuck.toSeconds());
        // Half of the time is for others to learn of it, so that clients who are sent away do not come back here. Who
        // asks in
        // the other half goes with an answer: a connection that is closed as idle may have a request on its way (RFC
        // 9112, 9.5).
        Duration half = lameDuck.dividedBy(2);
        new CountDownLatch(1).await(half.toMillis(), TimeUnit.MILLISECONDS);
        proxy.sendAway();
        new CountDownLatch(1).await(half.toMillis(), TimeUnit.MILLISECONDS);
        if (!proxy.drain(Duration.ofSeconds(config.drainSeconds()))) {
            LOG.warn("connections were cut that did not end in time", "seconds", config.drainSeconds());
        }
    }

    private String status() {
        Check ready = health.readiness();
        return IngressStatusJson.write(report.status(version, ready, file.status()));
    }

    @Override
    public void close() {
        // As the shutdown hook does, for tests: in the order of what rests on what.
        closed.countDown();
        http.close();
        loop.close();
        control.close();
        feed.close();
        proxy.close();
    }
}
