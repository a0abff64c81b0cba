package dev.weft.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.agent.Histogram;
import dev.weft.agent.Metrics;
import dev.weft.config.DnsConfig;
import dev.weft.dns.serve.AnswerCache;
import dev.weft.dns.serve.Later;
import dev.weft.dns.serve.Responder;
import dev.weft.dns.serve.Serving;
import dev.weft.dns.serve.Tally;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.NameTable;
import dev.weft.dns.zone.Objects;
import dev.weft.dns.zone.PodsMode;
import dev.weft.net.Ip;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The way to other servers, from a client's packet to its answer, against servers that behave and servers that do not. */
class ResolverTest {
    private static final Ip CLIENT = Ip.parse("10.244.1.7");

    private final ClusterZone zone = Objects.zone(PodsMode.INSECURE);
    private final AtomicLong rejected = new AtomicLong();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private FakeUpstream upstream(java.util.function.Function<Message, List<byte[]>> answers) throws IOException {
        FakeUpstream upstream = new FakeUpstream(answers);
        open.add(upstream);
        return upstream;
    }

    /** A server, as a client meets it. */
    private final class Dns {
        private final Serving serving;
        private final Forwarding forwarding;
        private final Resolver resolver;
        private final Responder responder;

        Dns(int maxConcurrent, SearchPath search, FakeUpstream... upstreams) {
            List<DnsConfig.Upstream> servers = Arrays.stream(upstreams)
                    .map(one -> new DnsConfig.Upstream(DnsConfig.Protocol.UDP, Ip.parse("127.0.0.1"), one.port(), ""))
                    .toList();
            DnsConfig config = new DnsConfig(
                    List.of(URI.create("http://127.0.0.1")),
                    "cluster.local",
                    30,
                    DnsConfig.PodsMode.INSECURE,
                    "kube-system/kube-dns",
                    List.of(Ip.parse("127.0.0.1")),
                    53,
                    servers,
                    List.of(),
                    List.of(),
                    DnsConfig.Cache.DEFAULT,
                    maxConcurrent,
                    false,
                    false);
            forwarding = new Forwarding(
                    config,
                    servers,
                    (SSLSocketFactory) SSLSocketFactory.getDefault(),
                    new Metrics().histograms("d", "d", Histogram.SECONDS, "proxy", "to", "rcode"));
            open.add(forwarding);
            serving = new Serving(zone, new NameTable(), forwarding.cache(), !search.equals(SearchPath.NONE));
            resolver = new Resolver(serving, forwarding, search, maxConcurrent, false, rejected);
            responder = new Responder(() -> serving, new Tally());
        }

        Message ask(String name, int type) {
            return ask(Question.query(4711, DnsName.parse(name), type, false), false);
        }

        Message ask(byte[] query, boolean tcp) {
            byte[] out = new byte[Responder.MOST_BYTES];
            int length = responder.respond(query, query.length, out, tcp);
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
            resolver.ask(query.clone(), new Later.Client() {
                @Override
                public Ip ip() {
                    return CLIENT;
                }

                @Override
                public int limit() {
                    return tcp ? Responder.MOST_BYTES : Responder.UDP_BYTES;
                }

                @Override
                public boolean tcp() {
                    return tcp;
                }

                @Override
                public void answer(byte[] message, int length) {
                    answer.complete(Arrays.copyOf(message, length));
                }
            });
            return answer;
        }
    }

    private static Message answer(Message query, Record... records) {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        for (Record record : records) {
            answer.addRecord(record, Section.ANSWER);
        }
        return answer;
    }

    private static Record a(Message query, int ttl, int last) {
        try {
            return new ARecord(
                    query.getQuestion().getName(), DClass.IN, ttl, java.net.InetAddress.getByAddress(new byte[] {
                        (byte) 192, 0, 2, (byte) last
                    }));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<byte[]> good(Message query) {
        return List.of(answer(query, a(query, 300, 1)).toWire());
    }

    private static String text(Message message) {
        return Rcode.string(message.getRcode())
                + message.getSection(Section.ANSWER).stream()
                        .map(record -> " " + Type.string(record.getType()) + " " + record.rdataToString())
                        .toList();
    }

    @Test
    void whatWasAskedOnceIsKept() throws Exception {
        FakeUpstream upstream = upstream(ResolverTest::good);
        Dns dns = new Dns(10, SearchPath.NONE, upstream);

        Message first = dns.ask("www.Example.com", Type.A);
        Message second = dns.ask("WWW.example.com", Type.A);

        assertThat(text(first)).isEqualTo("NOERROR[ A 192.0.2.1]").isEqualTo(text(second));
        assertThat(upstream.asked()).isEqualTo(1);
        assertThat(second.getHeader().getID()).isEqualTo(4711);
        assertThat(second.getHeader().getFlag(Flags.RA)).isTrue();
        assertThat(second.getHeader().getFlag(Flags.AA)).isFalse();
        assertThat(second.getOPT()).isNotNull();
        assertThat(second.getSection(Section.ANSWER).getFirst().getTTL()).isBetween(295L, 300L);
    }

    @Test
    void negativeAnswersAreKeptForAsLongAsTheirSoaSays() throws Exception {
        FakeUpstream upstream = upstream(query -> {
            Message answer = answer(query);
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
            answer.addRecord(
                    new SOARecord(
                            /* name= */ Name.root, DClass.IN, 600, /* host= */ Name.root, Name.root, 1, 1, 1, 1, 60),
                    Section.AUTHORITY);
            return List.of(answer.toWire());
        });
        Dns dns = new Dns(10, SearchPath.NONE, upstream);
        for (int i = 0; i < 3; i++) {
            Message answer = dns.ask("nowhere.example.com", Type.A);
            assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(answer.getSection(Section.AUTHORITY)).hasSize(1);
        }
        assertThat(upstream.asked()).isEqualTo(1);
    }

    @Test
    void answersToOtherQuestionsAreNotBelieved() throws Exception {
        FakeUpstream upstream = upstream(query -> {
            Message wrongId = answer(query, a(query, 300, 66));
            wrongId.getHeader().setID(query.getHeader().getID() ^ 1);
            Message other = query.clone();
            other.removeAllRecords(Section.QUESTION);
            other.addRecord(Record.newRecord(Name.root, Type.A, DClass.IN), Section.QUESTION);
            return List.of(
                    new byte[] {1, 2, 3},
                    wrongId.toWire(),
                    answer(other, a(query, 300, 67)).toWire(),
                    query.toWire(),
                    good(query).getFirst());
        });
        assertThat(text(new Dns(10, SearchPath.NONE, upstream).ask("example.com", Type.A)))
                .isEqualTo("NOERROR[ A 192.0.2.1]");
    }

    @Test
    void whatIsCutIsAskedAgainOverTcp() throws Exception {
        FakeUpstream upstream = upstream(query -> {
            Message cut = answer(query);
            cut.getHeader().setFlag(Flags.TC);
            return List.of(cut.toWire());
        });
        upstream.answersOverTcp(query -> {
            Record[] many = new Record[100];
            Arrays.setAll(many, i -> a(query, 300, i));
            return List.of(answer(query, many).toWire());
        });
        Dns dns = new Dns(10, SearchPath.NONE, upstream);
        byte[] query = Question.query(1, DnsName.parse("big.example.com"), Type.A, false);
        assertThat(dns.ask(query, true).getSection(Section.ANSWER)).hasSize(100);
        Message udp = dns.ask(query, false);
        assertThat(udp.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(udp.numBytes()).isLessThanOrEqualTo(1232);
    }

    @Test
    void theNextServerHelpsWhereOneDoesNot() throws Exception {
        FakeUpstream broken = upstream(query -> {
            Message answer = answer(query);
            answer.getHeader().setRcode(Rcode.SERVFAIL);
            return List.of(answer.toWire());
        });
        FakeUpstream well = upstream(ResolverTest::good);
        Dns dns = new Dns(10, SearchPath.NONE, broken, well);
        for (int i = 0; i < 20; i++) {
            assertThat(text(dns.ask("n" + i + ".example.com", Type.A))).isEqualTo("NOERROR[ A 192.0.2.1]");
        }
    }

    @Test
    void staleAnswersAreBetterThanNone() throws Exception {
        FakeUpstream upstream =
                upstream(query -> List.of(answer(query, a(query, 1, 9)).toWire()));
        Dns dns = new Dns(10, SearchPath.NONE, upstream);
        assertThat(text(dns.ask("short.example.com", Type.A))).isEqualTo("NOERROR[ A 192.0.2.9]");
        upstream.answers(query -> {
            Message answer = answer(query);
            answer.getHeader().setRcode(Rcode.SERVFAIL);
            return List.of(answer.toWire());
        });
        await().until(() -> upstream.asked() > 1
                || dns.ask("short.example.com", Type.A)
                                .getSection(Section.ANSWER)
                                .getFirst()
                                .getTTL()
                        == 30);
        Message stale = dns.ask("short.example.com", Type.A);
        assertThat(text(stale)).isEqualTo("NOERROR[ A 192.0.2.9]");
        assertThat(stale.getSection(Section.ANSWER).getFirst().getTTL()).isBetween(1L, 30L);
        assertThat(dns.ask("never.example.com", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void tooManyAtOnceAreRefused() throws Exception {
        FakeUpstream silent = upstream(query -> List.of());
        Dns dns = new Dns(2, SearchPath.NONE, silent);
        byte[] one = Question.query(1, DnsName.parse("a.example.com"), Type.A, false);
        CompletableFuture<byte[]> first = dns.later(one, false);
        CompletableFuture<byte[]> second = dns.later(one, false);
        assertThat(new Message(dns.later(one, false).get(1, TimeUnit.SECONDS)).getRcode())
                .isEqualTo(Rcode.REFUSED);
        assertThat(rejected).hasValue(1);
        assertThat(new Message(first.get(10, TimeUnit.SECONDS)).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(new Message(second.get(10, TimeUnit.SECONDS)).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void externalNamesAreFollowed() throws Exception {
        Objects.put(zone, Objects.external("shop/out", "www.example.com"));
        Objects.put(zone, Objects.external("shop/in", "web.shop.svc.cluster.local"));
        Objects.put(zone, Objects.external("shop/round", "round.shop.svc.cluster.local"));
        Objects.put(zone, Objects.service("shop/web", "10.96.0.7", "http/tcp/80"));
        zone.complete();
        FakeUpstream upstream = upstream(query -> {
            try {
                Name name = query.getQuestion().getName();
                Name real = Name.fromString("real.example.com.");
                Message answer = answer(query, new CNAMERecord(name, DClass.IN, 60, real));
                answer.addRecord(
                        new ARecord(real, DClass.IN, 60, java.net.InetAddress.getByAddress(new byte[] {8, 8, 8, 8})),
                        Section.ANSWER);
                return List.of(answer.toWire());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        Dns dns = new Dns(10, SearchPath.NONE, upstream);
        assertThat(text(dns.ask("out.shop.svc.cluster.local", Type.A)))
                .isEqualTo("NOERROR[ CNAME www.example.com.,  CNAME real.example.com.,  A 8.8.8.8]");
        assertThat(text(dns.ask("in.shop.svc.cluster.local", Type.A)))
                .isEqualTo("NOERROR[ CNAME web.shop.svc.cluster.local.,  A 10.96.0.7]");
        assertThat(dns.ask("round.shop.svc.cluster.local", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void aServerThatAsksUsIsFoundAndLeftAlone() throws Exception {
        List<Dns> self = new ArrayList<>();
        FakeUpstream mirror = upstream(query -> {
            byte[] wire = query.toWire();
            try {
                return List.of(self.getFirst().later(wire, false).get(1, TimeUnit.SECONDS));
            } catch (Exception e) {
                return List.of();
            }
        });
        Dns dns = new Dns(10, SearchPath.NONE, mirror);
        self.add(dns);
        dns.forwarding.start();
        await().until(() -> !dns.forwarding.looping().isEmpty());
        assertThat(dns.ask("example.com", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void searchListsAreWalkedForPods() throws Exception {
        Objects.put(zone, Objects.service("shop/web", "10.96.0.7", "http/tcp/80"));
        Objects.put(zone, Objects.service("db/pg", "10.96.0.8", "pg/tcp/5432"));
        zone.complete();
        FakeUpstream upstream = upstream(ResolverTest::good);
        SearchPath search = new SearchPath(
                DnsName.parse("cluster.local"),
                ip -> ip.equals(CLIENT) ? Optional.of("shop") : Optional.empty(),
                List.of());
        Dns dns = new Dns(10, search, upstream);
        assertThat(text(dns.ask("www.example.com.shop.svc.cluster.local", Type.A)))
                .isEqualTo("NOERROR[ CNAME www.example.com.,  A 192.0.2.1]");
        assertThat(text(dns.ask("pg.db.shop.svc.cluster.local", Type.A)))
                .isEqualTo("NOERROR[ CNAME pg.db.svc.cluster.local.,  A 10.96.0.8]");
        assertThat(dns.ask("www.example.com.db.svc.cluster.local", Type.A).getRcode())
                .as("another namespace than the pod's")
                .isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void withoutUpstreamsOthersNamesAreNotAnswered() {
        Dns dns = new Dns(10, SearchPath.NONE);
        assertThat(dns.ask("example.com", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(dns.forwarding.cache()).isNotEqualTo(AnswerCache.NONE);
    }
}
