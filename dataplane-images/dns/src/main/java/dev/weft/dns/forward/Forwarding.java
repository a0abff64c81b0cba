package dev.weft.dns.forward;

import dev.weft.agent.Log;
import dev.weft.config.DnsConfig;
import dev.weft.config.DnsStatus;
import dev.weft.dns.serve.AnswerCache;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.wire.Rcode;
import dev.weft.dns.wire.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocketFactory;

/** Who is asked about which names, and what they said. Made anew when the configuration changes. */
public final class Forwarding implements AutoCloseable {
    private static final Log LOG = Log.of("forward");
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private record Domain(DnsName name, Upstreams upstreams) {}

    private final List<Domain> domains;
    private final List<UpstreamServer> servers = new ArrayList<>();
    private final ForwardCache cache;
    private final LoopGuard loops;
    private final ForwardMetrics metrics;
    private final Optional<Dns64> dns64;
    private final Map<QuestionKey, CompletableFuture<Reply>> asked = new ConcurrentHashMap<>();

    /**
     * @param upstreams for all names without a stub domain; may be empty
     * @param tls who is trusted
     */
    public Forwarding(
            DnsConfig config, List<DnsConfig.Upstream> upstreams, SSLSocketFactory tls, ForwardMetrics metrics) {
        this(config, upstreams, tls, metrics, System::nanoTime);
    }

    /** @param nanos the cache's clock */
    Forwarding(
            DnsConfig config,
            List<DnsConfig.Upstream> upstreams,
            SSLSocketFactory tls,
            ForwardMetrics metrics,
            LongSupplier nanos) {
        this.metrics = metrics;
        List<Domain> all = new ArrayList<>();
        all.add(new Domain(DnsName.ROOT, upstreams(upstreams, tls)));
        config.stubDomains()
                .forEach(stub -> all.add(new Domain(DnsName.parse(stub.domain()), upstreams(stub.upstreams(), tls))));
        all.sort(Comparator.comparingInt((Domain domain) -> domain.name().labels())
                .reversed());
        this.domains = List.copyOf(all);
        this.dns64 = config.dns64().map(prefix -> new Dns64(prefix, metrics));
        this.cache = new ForwardCache(config.cache(), dns64.isPresent(), metrics, nanos, this::prefetch);
        this.loops = new LoopGuard(servers);
    }

    private Upstreams upstreams(List<DnsConfig.Upstream> configured, SSLSocketFactory tls) {
        List<UpstreamServer> made = configured.stream()
                .map(one -> new UpstreamServer(one, tls, metrics))
                .toList();
        servers.addAll(made);
        return new Upstreams(made, metrics);
    }

    /** Looks for loops, from now on. */
    public void start() {
        loops.start();
    }

    public AnswerCache cache() {
        return cache;
    }

    /** All servers and how they are. */
    public List<DnsStatus.Upstream> status() {
        List<DnsStatus.Upstream> status = new ArrayList<>();
        for (Domain domain : domains) {
            for (UpstreamServer server : domain.upstreams().servers()) {
                status.add(new DnsStatus.Upstream(
                        domain.name().toString(),
                        server.address(),
                        server.isUp(),
                        server.isLooping(),
                        server.lastError()));
            }
        }
        return status;
    }

    /** Whether the question is our own and came back. */
    boolean isLoop(DnsName name) {
        return loops.isOurs(name);
    }

    Optional<ForwardCache.Stale> stale(Question question, byte[] query) {
        return cache.stale(question, query);
    }

    QuestionKey key(Question question, byte[] query) {
        return QuestionKey.of(question, query, dns64.isPresent());
    }

    /**
     * Asks as {@link #ask(QuestionKey)}, on another thread, so that whoever can do without the answer need not wait for it;
     * when it comes it is in the cache.
     *
     * @throws UpstreamException if there is no answer in time, at once if no server is up
     */
    Reply ask(QuestionKey key, Duration patience) throws UpstreamException {
        CompletableFuture<Reply> running = asked.get(key);
        if (running == null) {
            if (!domain(key.name()).isHopeful()) {
                throw new UpstreamException("no server is up for " + key.name());
            }
            CompletableFuture<Reply> mine = new CompletableFuture<>();
            Thread.ofVirtual().name("dns-ask").start(() -> {
                try {
                    mine.complete(ask(key));
                } catch (UpstreamException e) {
                    mine.completeExceptionally(e);
                }
            });
            running = mine;
        }
        return await(running, patience);
    }

    /**
     * Asks those who know about the name; together with whoever asks the same at the same time.
     *
     * @throws UpstreamException if there is no answer
     */
    Reply ask(QuestionKey key) throws UpstreamException {
        CompletableFuture<Reply> mine = new CompletableFuture<>();
        CompletableFuture<Reply> others = asked.putIfAbsent(key, mine);
        if (others != null) {
            return await(others, PATIENCE);
        }
        try {
            Reply reply = key.dns64()
                    ? dns64.orElseThrow().answer(key.withoutDns64(), this::ask)
                    : domain(key.name()).ask(key.name(), key.type(), key.dnssecOk(), key.headerFlags(), this::took);
            cache.put(key, reply);
            mine.complete(reply);
            return reply;
        } catch (UpstreamException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            mine.completeExceptionally(new UpstreamException("asking failed"));
            asked.remove(key, mine);
        }
    }

    private void took(UpstreamServer server, Reply reply, Duration duration) {
        metrics.duration(server.address(), Rcode.name(reply.rcode())).observe(duration);
    }

    private static Reply await(CompletableFuture<Reply> others, Duration patience) throws UpstreamException {
        try {
            return others.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new UpstreamException("no answer: " + e.getMessage(), e);
        }
    }

    private void prefetch(QuestionKey key) {
        Thread.ofVirtual().name("dns-prefetch").start(() -> {
            try {
                ask(key);
            } catch (UpstreamException e) {
                LOG.debug("not asked again before its time", "name", key.name(), "error", e.toString());
            }
        });
    }

    private Upstreams domain(DnsName name) {
        for (Domain domain : domains) {
            if (name.isWithin(domain.name())) {
                return domain.upstreams();
            }
        }
        throw new IllegalStateException("every name is within the root");
    }

    public long cacheEntries() {
        return cache.entries();
    }

    @Override
    public void close() {
        loops.close();
        domains.forEach(domain -> domain.upstreams().close());
    }
}
