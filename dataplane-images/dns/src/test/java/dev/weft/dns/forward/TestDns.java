package dev.weft.dns.forward;

import dev.weft.agent.Metrics;
import dev.weft.config.DnsConfig;
import dev.weft.dns.serve.Later;
import dev.weft.dns.serve.Responder;
import dev.weft.dns.serve.Serving;
import dev.weft.dns.serve.Tally;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.NameTable;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;
import org.xbill.DNS.Message;

/** A server, as a client meets it, with a clock that a test turns. */
final class TestDns implements AutoCloseable {
    static final Ip CLIENT = Ip.parse("10.244.1.7");

    private final AtomicLong nanos = new AtomicLong();
    private final ForwardMetrics metrics = new ForwardMetrics(new Metrics());
    private final Forwarding forwarding;
    private final Resolver resolver;
    private final Responder responder;

    TestDns(ClusterZone zone, DnsConfig config, SearchPath search, SSLSocketFactory tls) {
        forwarding = new Forwarding(config, config.upstreams(), tls, metrics, nanos::get);
        Serving serving = new Serving(
                zone, new NameTable(), forwarding.cache(), !search.equals(SearchPath.NONE), config.queryLog());
        resolver = new Resolver(serving, forwarding, search, config.maxConcurrent(), config.transferTo(), metrics);
        responder = new Responder(() -> serving, Tally.ofThread());
    }

    static DnsConfig config(
            int maxConcurrent,
            List<DnsConfig.Upstream> upstreams,
            List<DnsConfig.StubDomain> stubs,
            Optional<Cidr> dns64,
            List<Cidr> transferTo) {
        return new DnsConfig(
                List.of(URI.create("http://127.0.0.1")),
                "cluster.local",
                30,
                DnsConfig.PodsMode.INSECURE,
                "kube-system/kube-dns",
                List.of(Ip.parse("127.0.0.1")),
                53,
                upstreams,
                stubs,
                List.of(),
                DnsConfig.Cache.DEFAULT,
                maxConcurrent,
                false,
                false,
                dns64,
                transferTo,
                0);
    }

    static List<DnsConfig.Upstream> servers(FakeUpstream... upstreams) {
        return Arrays.stream(upstreams)
                .map(one -> server(DnsConfig.Protocol.UDP, one.port(), ""))
                .toList();
    }

    static DnsConfig.Upstream server(DnsConfig.Protocol protocol, int port, String name) {
        return new DnsConfig.Upstream(protocol, Ip.parse("127.0.0.1"), port, name);
    }

    Forwarding forwarding() {
        return forwarding;
    }

    ForwardMetrics metrics() {
        return metrics;
    }

    void passSeconds(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    Message ask(String name, int type) {
        return ask(Question.query(4711, DnsName.parse(name), type, false), false);
    }

    Message ask(byte[] query, boolean tcp) {
        byte[] out = new byte[Responder.MOST_BYTES];
        int length = responder.respond(query, query.length, out, tcp, true);
        try {
            return length > 0
                    ? new Message(Arrays.copyOf(out, length))
                    : new Message(later(query, tcp).get(10, TimeUnit.SECONDS));
        } catch (Exception e) {
            throw new AssertionError("no answer", e);
        }
    }

    CompletableFuture<byte[]> later(byte[] query, boolean tcp) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        resolver.ask(
                query.clone(), new Collector(tcp, CLIENT, Collections.synchronizedList(new ArrayList<>()), answer));
        return answer;
    }

    /** All messages that make up an answer over TCP. */
    List<Message> parts(byte[] query, Ip client) throws Exception {
        CompletableFuture<byte[]> last = new CompletableFuture<>();
        List<byte[]> parts = Collections.synchronizedList(new ArrayList<>());
        resolver.ask(query.clone(), new Collector(true, client, parts, last));
        last.get(10, TimeUnit.SECONDS);
        List<Message> messages = new ArrayList<>();
        for (byte[] part : parts) {
            messages.add(new Message(part));
        }
        return messages;
    }

    private record Collector(boolean tcp, Ip ip, List<byte[]> parts, CompletableFuture<byte[]> last)
            implements Later.Client {
        @Override
        public int limit() {
            return tcp ? Responder.MOST_BYTES : Responder.UDP_BYTES;
        }

        @Override
        public void part(byte[] message, int length) {
            parts.add(Arrays.copyOf(message, length));
        }

        @Override
        public void answer(byte[] message, int length) {
            part(message, length);
            last.complete(Arrays.copyOf(message, length));
        }
    }

    @Override
    public void close() {
        forwarding.close();
    }
}
