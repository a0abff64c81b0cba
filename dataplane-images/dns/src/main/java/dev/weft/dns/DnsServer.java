package dev.weft.dns;

import dev.weft.agent.Check;
import dev.weft.agent.Health;
import dev.weft.agent.HealthServer;
import dev.weft.agent.Histogram;
import dev.weft.agent.Labelled;
import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.agent.ProcessMetrics;
import dev.weft.agent.Shutdown;
import dev.weft.config.DnsConfig;
import dev.weft.dns.forward.Forwarding;
import dev.weft.dns.forward.ResolvConf;
import dev.weft.dns.forward.Resolver;
import dev.weft.dns.forward.SearchPath;
import dev.weft.dns.serve.Serving;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.HostNames;
import dev.weft.dns.zone.NameTable;
import dev.weft.dns.zone.PodsMode;
import dev.weft.dns.zone.ZoneOptions;
import dev.weft.kube.KubeClient;
import dev.weft.kube.KubeConfig;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;

/** The server in a cluster: wires the parts together, and changes them when the configuration does. */
final class DnsServer implements AutoCloseable {
    private static final Log LOG = Log.of("dns");
    private static final Duration STOP = Duration.ofSeconds(25);

    private final Path resolvConf;
    private final Duration lameDuck;
    private final Metrics metrics = new Metrics();
    private final Health health = new Health();
    private final Shutdown shutdown = new Shutdown(STOP);
    private final AtomicLong rejected = new AtomicLong();
    private final CountDownLatch draining = new CountDownLatch(1);
    private final Labelled<Histogram> durations;
    private final ClusterFeed feed;
    private final Listeners listeners;
    private final HealthServer http;
    private volatile DnsConfig config;
    private volatile Parts parts;

    /** What changes together. */
    private record Parts(Serving serving, Forwarding forwarding, Resolver resolver) {}

    /**
     * Starts.
     *
     * @param http where to serve health and metrics
     * @param resolvConf names upstream servers if the configuration does not
     * @param lameDuck how long it goes on answering after it was told to stop, while clients learn of it
     * @throws IOException if its sockets or files cannot be used
     */
    DnsServer(DnsConfig config, KubeConfig api, InetSocketAddress http, Path resolvConf, Duration lameDuck)
            throws IOException {
        this.config = config;
        this.resolvConf = resolvConf;
        this.lameDuck = lameDuck;
        durations = metrics.histograms(
                "coredns_proxy_request_duration_seconds",
                "Time until an upstream server's answer.",
                Histogram.SECONDS,
                "proxy_name",
                "to",
                "rcode");
        KubeClient client = shutdown.add("api", new KubeClient(api));
        feed = new ClusterFeed(client, options(config), needsPods(config), this::completed);
        parts = parts(config, feed.zone());
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
        metrics();
        this.http = shutdown.add("http", new HealthServer(http, health, metrics, this::status));
        shutdown.add("lame duck", this::drain);
        parts.forwarding().start();
        feed.start();
    }

    /** Follows a file's changes and stops on signals, from now on. */
    void follow(Path file) throws IOException {
        ConfigFile watched = shutdown.add("config", ConfigFile.watch(file, this::take));
        metrics.gauge(
                "weft_dns_config_taken",
                "Whether the latest configuration is in force.",
                () -> watched.check().ok() ? 1 : 0);
        shutdown.install();
    }

    void await() throws InterruptedException {
        shutdown.await();
    }

    int httpPort() {
        return http.port();
    }

    /** Takes a changed configuration over. */
    void take(DnsConfig now) {
        if (!now.listen().equals(config.listen()) || now.port() != config.port()) {
            throw new IllegalArgumentException("listen and port cannot change while it runs");
        }
        ZoneOptions options = options(now);
        Parts before = parts;
        Parts next = parts(now, before.serving().zone());
        boolean rebuild = !options.equals(feed.zone().options()) || needsPods(now) != needsPods(config);
        config = now;
        parts = next;
        next.forwarding().start();
        before.forwarding().close();
        if (rebuild) {
            feed.rebuild(options, needsPods(now));
        }
    }

    private void completed(ClusterZone zone) {
        Parts before = parts;
        Serving old = before.serving();
        Serving serving = new Serving(zone, old.hosts(), old.cache(), old.autopath());
        parts = new Parts(serving, before.forwarding(), resolver(config, serving, before.forwarding()));
    }

    private Parts parts(DnsConfig now, ClusterZone zone) {
        Forwarding forwarding =
                new Forwarding(now, upstreams(now), (SSLSocketFactory) SSLSocketFactory.getDefault(), durations);
        Serving serving = new Serving(zone, hosts(now), forwarding.cache(), now.autopath());
        return new Parts(serving, forwarding, resolver(now, serving, forwarding));
    }

    private Resolver resolver(DnsConfig now, Serving serving, Forwarding forwarding) {
        SearchPath search = now.autopath()
                ? new SearchPath(DnsName.parse(now.domain()), feed::namespaceOf, List.of())
                : SearchPath.NONE;
        return new Resolver(serving, forwarding, search, now.maxConcurrent(), now.queryLog(), rejected);
    }

    private List<DnsConfig.Upstream> upstreams(DnsConfig now) {
        if (!now.upstreams().isEmpty()) {
            return now.upstreams();
        }
        try {
            return ResolvConf.read(resolvConf);
        } catch (IOException e) {
            throw new UncheckedIOException("no upstreams are configured, and " + resolvConf + " cannot be read", e);
        }
    }

    private static NameTable hosts(DnsConfig config) {
        Map<DnsName, Set<Ip>> hosts = new LinkedHashMap<>();
        config.hosts()
                .forEach(host -> host.names()
                        .forEach(name -> hosts.computeIfAbsent(DnsName.parse(name), key -> new LinkedHashSet<>())
                                .add(host.ip())));
        return HostNames.table(hosts);
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

    private void drain() throws InterruptedException {
        draining.countDown();
        LOG.info("stopping; still answering while clients learn of it", "seconds", lameDuck.toSeconds());
        new CountDownLatch(1).await(lameDuck.toMillis(), TimeUnit.MILLISECONDS);
    }

    private String status() {
        List<String> looping = parts.forwarding().looping();
        return "{\"ready\":" + health.readiness().ok() + ",\"names\":"
                + parts.serving().zone().table().size() + ",\"looping\":["
                + String.join(
                        ",",
                        looping.stream().map(address -> "\"" + address + "\"").toList())
                + "]}";
    }

    private void metrics() {
        ProcessMetrics.register(metrics);
        DnsMetrics.register(metrics, listeners.udpTallies(), listeners.tcpTally());
        feed.stores()
                .forEach((kind, store) ->
                        metrics.gauge("weft_dns_objects", "Objects known.", Map.of("kind", kind), store::size));
        metrics.gauge(
                "weft_dns_names",
                "Names of the cluster.",
                () -> parts.serving().zone().table().size());
        metrics.gauge(
                "weft_dns_upstreams_looping",
                "Upstream servers that ask this server in turn.",
                () -> parts.forwarding().looping().size());
        metrics.gauge(
                "coredns_cache_entries",
                "Answers in the cache.",
                Map.of("server", "dns://:53", "type", "success", "zones", ".", "view", ""),
                () -> parts.forwarding().cacheEntries());
        metrics.counter(
                "coredns_cache_evictions_total",
                "Answers that made room for others.",
                () -> parts.forwarding().cacheEvictions());
        metrics.counter(
                "coredns_cache_prefetch_total",
                "Answers asked for again before their time was over.",
                () -> parts.forwarding().cachePrefetches());
        metrics.counter(
                "coredns_forward_max_concurrent_rejects_total",
                "Questions refused because too many waited.",
                rejected::get);
        metrics.counter(
                "coredns_proxy_healthcheck_failures_total",
                "Probes of upstream servers that failed.",
                () -> parts.forwarding().probeFailures());
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
