package dev.weft.dns.forward;

import static dev.weft.dns.forward.Replies.a;
import static dev.weft.dns.forward.Replies.answer;
import static dev.weft.dns.forward.Replies.good;
import static dev.weft.dns.forward.Replies.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.config.DnsConfig;
import dev.weft.dns.serve.AnswerCache;
import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.Objects;
import dev.weft.dns.zone.PodsMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    private final ClusterZone zone = Objects.zone(PodsMode.INSECURE);
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

    private TestDns dns(int maxConcurrent, SearchPath search, FakeUpstream... upstreams) {
        DnsConfig config =
                TestDns.config(maxConcurrent, TestDns.servers(upstreams), List.of(), Optional.empty(), List.of());
        TestDns dns = new TestDns(zone, config, search, (SSLSocketFactory) SSLSocketFactory.getDefault());
        open.add(dns);
        return dns;
    }

    @Test
    void whatWasAskedOnceIsKept() throws Exception {
        FakeUpstream upstream = upstream(Replies::good);
        TestDns dns = dns(10, SearchPath.NONE, upstream);

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
        TestDns dns = dns(10, SearchPath.NONE, upstream);
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
        assertThat(text(dns(10, SearchPath.NONE, upstream).ask("example.com", Type.A)))
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
        TestDns dns = dns(10, SearchPath.NONE, upstream);
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
        FakeUpstream well = upstream(Replies::good);
        TestDns dns = dns(10, SearchPath.NONE, broken, well);
        for (int i = 0; i < 20; i++) {
            assertThat(text(dns.ask("n" + i + ".example.com", Type.A))).isEqualTo("NOERROR[ A 192.0.2.1]");
        }
    }

    @Test
    void tooManyAtOnceAreRefused() throws Exception {
        FakeUpstream silent = upstream(query -> List.of());
        TestDns dns = dns(2, SearchPath.NONE, silent);
        byte[] one = Question.query(1, DnsName.parse("a.example.com"), Type.A, false);
        CompletableFuture<byte[]> first = dns.later(one, false);
        CompletableFuture<byte[]> second = dns.later(one, false);
        assertThat(new Message(dns.later(one, false).get(1, TimeUnit.SECONDS)).getRcode())
                .isEqualTo(Rcode.REFUSED);
        assertThat(dns.metrics().rejections()).isEqualTo(1);
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
        TestDns dns = dns(10, SearchPath.NONE, upstream);
        assertThat(text(dns.ask("out.shop.svc.cluster.local", Type.A)))
                .isEqualTo("NOERROR[ CNAME www.example.com.,  CNAME real.example.com.,  A 8.8.8.8]");
        assertThat(text(dns.ask("in.shop.svc.cluster.local", Type.A)))
                .isEqualTo("NOERROR[ CNAME web.shop.svc.cluster.local.,  A 10.96.0.7]");
        assertThat(dns.ask("round.shop.svc.cluster.local", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void aServerThatAsksUsIsFoundAndLeftAlone() throws Exception {
        List<TestDns> self = new ArrayList<>();
        FakeUpstream mirror = upstream(query -> {
            byte[] wire = query.toWire();
            try {
                return List.of(self.getFirst().later(wire, false).get(1, TimeUnit.SECONDS));
            } catch (Exception e) {
                return List.of();
            }
        });
        TestDns dns = dns(10, SearchPath.NONE, mirror);
        self.add(dns);
        dns.forwarding().start();
        await().until(() -> dns.forwarding().status().getFirst().looping());
        assertThat(dns.ask("example.com", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void searchListsAreWalkedForPods() throws Exception {
        Objects.put(zone, Objects.service("shop/web", "10.96.0.7", "http/tcp/80"));
        Objects.put(zone, Objects.service("db/pg", "10.96.0.8", "pg/tcp/5432"));
        zone.complete();
        FakeUpstream upstream = upstream(Replies::good);
        SearchPath search = new SearchPath(
                DnsName.parse("cluster.local"),
                ip -> ip.equals(TestDns.CLIENT) ? Optional.of("shop") : Optional.empty(),
                List.of());
        TestDns dns = dns(10, search, upstream);
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
        TestDns dns = dns(10, SearchPath.NONE);
        assertThat(dns.ask("example.com", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(dns.forwarding().cache()).isNotEqualTo(AnswerCache.NONE);
    }
}
