package dev.weft.dns;

import dev.weft.agent.Check;
import dev.weft.agent.Health;
import dev.weft.agent.HealthServer;
import dev.weft.agent.Histogram;
import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.agent.ProcessMetrics;
import dev.weft.agent.Shutdown;
import dev.weft.config.DnsConfig;
import dev.weft.config.DnsStatus;
import dev.weft.config.DnsStatusJson;
import dev.weft.dns.forward.ForwardMetrics;
import dev.weft.dns.forward.Resolver;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.PodsMode;
import dev.weft.dns.zone.ZoneOptions;
import dev.weft.kube.KubeClient;
import dev.weft.kube.KubeConfig;
import dev.weft.kube.ObjectKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The server in a cluster: wires the parts together, and changes them when the configuration does. */
final class DnsServer implements AutoCloseable {
    private static final Log LOG = Log.of("dns");
    /** Longer than the longest lame duck and the longest question together. */
    private static final Duration STOP = Duration.ofSeconds(75);

    private static final Duration LAST_ANSWERS = Duration.ofSeconds(6);

    private final String version;
    private final Metrics metrics = new Metrics();
    private final Health health = new Health();
    private final Shutdown shutdown = new Shutdown(STOP);
    private final CountDownLatch draining = new CountDownLatch(1);
    private final Parts.Maker maker;
    private final ClusterFeed feed;
    private final Listeners listeners;
    private final HealthServer http;
    private volatile Parts parts;
    private volatile DnsStatus.Config taken;

    /**
     * Starts.
     *
     * @param http where to serve health and metrics
     * @param resolvConf names upstream servers if the configuration does not
     * @param version of this program
     * @throws IOException if its sockets or files cannot be used
     */
    DnsServer(ConfigFile.Content first, KubeConfig api, InetSocketAddress http, Path resolvConf, String version)
            throws IOException {
        this.version = version;
        DnsConfig config = first.config();
        taken = new DnsStatus.Config(true, "", first.hash());
        KubeClient client = shutdown.add("api", new KubeClient(api));
        Histogram programming = DnsMetrics.programming(metrics);
        feed = new ClusterFeed(client, options(config), needsPods(config), this::completed, programming::observe);
        maker = new Parts.Maker(resolvConf, feed::namespaceOf, new ForwardMetrics(metrics));
        parts = maker.make(config, feed.zone(), Optional.empty());
        shutdown.add("forwarding", () -> parts.forwarding().close());
        shutdown.add("feed", feed);
        int threads = Runtime.getRuntime().availableProcessors();
        listeners = shutdown.add(
                "listeners",
                new Listeners(
                        config.listen(),
                        config.port(),
                        threads,
                        () -> parts.serving(),
                        (query, asker) -> parts.resolver().ask(query, asker)));
        health.live("process", Check::good)
                .ready("zone", feed::readiness)
                .ready("stopping", () -> draining.getCount() > 0 ? Check.good() : Check.bad("stopping"));
        ProcessMetrics.register(metrics);
        DnsMetrics.register(metrics, listeners, version);
        DnsMetrics.register(metrics, () -> parts, feed, () -> taken);
        this.http = shutdown.add("http", new HealthServer(http, health, metrics, this::status));
        shutdown.add("last answers", this::finish);
        shutdown.add("lame duck", this::drain);
        parts.forwarding().start();
        feed.start();
    }

    /** Follows a file's changes and stops on signals, from now on. */
    void follow(ConfigFile file) {
        shutdown.add("config", file);
        file.watch(this::take, now -> taken = now);
        shutdown.install();
    }

    void await() throws InterruptedException {
        shutdown.await();
    }

    int httpPort() {
        return http.port();
    }

    /**
     * Takes a changed configuration over.
     *
     * @throws IllegalArgumentException if it cannot be served; then nothing has changed
     */
    synchronized void take(DnsConfig now) {
        Parts before = parts;
        DnsConfig config = before.config();
        if (!now.listen().equals(config.listen()) || now.port() != config.port()) {
            throw new IllegalArgumentException("listen and port cannot change while it runs");
        }
        ZoneOptions options = options(now);
        Parts next = maker.make(now, before.serving().zone(), Optional.of(before));
        parts = next;
        if (next.forwarding() != before.forwarding()) {
            next.forwarding().start();
            before.forwarding().close();
        }
        if (!options.equals(feed.options()) || needsPods(now) != needsPods(config)) {
            feed.rebuild(options, needsPods(now));
        }
    }

    private synchronized void completed(ClusterZone zone) {
        parts = maker.with(parts, zone);
    }

    private static ZoneOptions options(DnsConfig config) {
        String[] service = config.dnsService().split("/");
        return new ZoneOptions(
                DnsName.parse(config.domain()),
                config.ttl(),
                PodsMode.valueOf(config.podsMode().name()),
                new ObjectKey(service[0], service[1]));
    }

    private static boolean needsPods(DnsConfig config) {
        return config.autopath() || config.podsMode() == DnsConfig.PodsMode.VERIFIED;
    }

    /** Endpoints that are not ready any more take a while to be so for everybody. */
    private void drain() throws InterruptedException {
        draining.countDown();
        int seconds = parts.config().lameDuckSeconds();
        LOG.info("stopping; still answering while clients learn of it", "seconds", seconds);
        new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
    }

    private void finish() throws IOException, InterruptedException {
        listeners.stop();
        Resolver resolver = parts.resolver();
        if (!resolver.finish(LAST_ANSWERS)) {
            LOG.warn("stopping before all questions are answered");
        }
    }

    private String status() {
        Check ready = health.readiness();
        Parts now = parts;
        return DnsStatusJson.write(new DnsStatus(
                version,
                ready.ok(),
                ready.message(),
                taken,
                now.serving().zone().table().size(),
                now.forwarding().status()));
    }

    @Override
    public void close() throws IOException {
        // As the shutdown hook does, for tests: in the order of what rests on what.
        http.close();
        listeners.close();
        feed.close();
        parts.forwarding().close();
    }
}
