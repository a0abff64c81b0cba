package dev.weft.dns.forward;

import dev.weft.agent.Histogram;
import dev.weft.agent.Labelled;
import dev.weft.agent.Log;
import dev.weft.config.DnsConfig;
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
import javax.net.ssl.SSLSocketFactory;

/** Who is asked about which names, and what they said. Made anew when the configuration changes. */
public final class Forwarding implements AutoCloseable {
    private static final Log LOG = Log.of("forward");
    private static final long PATIENCE_SECONDS = 6;

    private record Domain(DnsName name, Upstreams upstreams) {}

    private final List<Domain> domains;
    private final List<UpstreamServer> servers = new ArrayList<>();
    private final ForwardCache cache;
    private final LoopGuard loops;
    private final Labelled<Histogram> durations;
    private final Map<QuestionKey, CompletableFuture<Reply>> asked = new ConcurrentHashMap<>();

    /**
     * @param upstreams for all names without a stub domain; may be empty
     * @param tls who is trusted
     * @param durations of answers by server and rcode
     */
    public Forwarding(
            DnsConfig config, List<DnsConfig.Upstream> upstreams, SSLSocketFactory tls, Labelled<Histogram> durations) {
        List<Domain> all = new ArrayList<>();
        all.add(new Domain(DnsName.ROOT, upstreams(upstreams, tls)));
        config.stubDomains()
                .forEach(stub -> all.add(new Domain(DnsName.parse(stub.domain()), upstreams(stub.upstreams(), tls))));
        all.sort(Comparator.comparingInt((Domain domain) -> domain.name().labels())
                .reversed());
        this.domains = List.copyOf(all);
        this.cache = new ForwardCache(config.cache(), System::nanoTime, this::prefetch);
        this.loops = new LoopGuard(servers);
        this.durations = durations;
    }

    private Upstreams upstreams(List<DnsConfig.Upstream> configured, SSLSocketFactory tls) {
        List<UpstreamServer> made =
                configured.stream().map(one -> new UpstreamServer(one, tls)).toList();
        servers.addAll(made);
        return new Upstreams(made);
    }

    /** Looks for loops, from now on. */
    public void start() {
        loops.start();
    }

    public AnswerCache cache() {
        return cache;
    }

    /** Servers that ask us in turn. */
    public List<String> looping() {
        return servers.stream()
                .filter(UpstreamServer::isLooping)
                .map(UpstreamServer::address)
                .toList();
    }

    /** Whether the question is our own and came back. */
    boolean isLoop(DnsName name) {
        return loops.isOurs(name);
    }

    Optional<ForwardCache.Stale> stale(Question question, byte[] query) {
        return cache.stale(question, query);
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
            return await(others);
        }
        try {
            Reply reply = domain(key.name()).ask(key.name(), key.type(), key.dnssecOk(), key.headerFlags(), this::took);
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
        durations.of("forward", server.address(), Rcode.name(reply.rcode())).observe(duration);
    }

    private static Reply await(CompletableFuture<Reply> others) throws UpstreamException {
        try {
            return others.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
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

    public long cacheEvictions() {
        return cache.evictions();
    }

    public long cachePrefetches() {
        return cache.prefetches();
    }

    /** Probes that failed, of all servers. */
    public long probeFailures() {
        return servers.stream().mapToLong(UpstreamServer::probeFailures).sum();
    }

    @Override
    public void close() {
        loops.close();
        domains.forEach(domain -> domain.upstreams().close());
    }
}
