package dev.weft.dns.forward;

import static dev.weft.dns.forward.Replies.a;
import static dev.weft.dns.forward.Replies.answer;
import static dev.weft.dns.forward.Replies.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.config.DnsConfig;
import dev.weft.config.DnsConfig.Protocol;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.Objects;
import dev.weft.dns.zone.PodsMode;
import dev.weft.net.Ip;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Which server is asked, and what becomes of servers that are dead, broken or lie. */
class UpstreamFaultsTest {
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private FakeUpstream upstream(Function<Message, List<byte[]>> answers) throws IOException {
        FakeUpstream upstream = new FakeUpstream(answers);
        open.add(upstream);
        return upstream;
    }

    private FakeUpstream upstream(int last) throws IOException {
        return upstream(query -> List.of(answer(query, a(query, 300, last)).toWire()));
    }

    private TestDns dns(List<DnsConfig.Upstream> servers, DnsConfig.StubDomain... stubs) {
        ClusterZone zone = Objects.zone(PodsMode.INSECURE);
        zone.complete();
        TestDns dns = new TestDns(
                zone,
                TestDns.config(1000, servers, List.of(stubs), Optional.empty(), List.of()),
                SearchPath.NONE,
                (SSLSocketFactory) SSLSocketFactory.getDefault());
        open.add(dns);
        return dns;
    }

    @Test
    void theLongestStubDomainIsAsked() throws IOException {
        TestDns dns = dns(
                TestDns.servers(upstream(1)),
                new DnsConfig.StubDomain("example.com", TestDns.servers(upstream(2))),
                new DnsConfig.StubDomain("corp.Example.com.", TestDns.servers(upstream(3))),
                new DnsConfig.StubDomain("10.in-addr.arpa", TestDns.servers(upstream(4))));
        assertThat(text(dns.ask("www.example.org", Type.A))).endsWith("A 192.0.2.1]");
        assertThat(text(dns.ask("notexample.com", Type.A))).endsWith("A 192.0.2.1]");
        assertThat(text(dns.ask("example.com", Type.A))).endsWith("A 192.0.2.2]");
        assertThat(text(dns.ask("a.b.EXAMPLE.com", Type.A))).endsWith("A 192.0.2.2]");
        assertThat(text(dns.ask("x.corp.example.com", Type.A))).endsWith("A 192.0.2.3]");
        assertThat(text(dns.ask("1.2.3.10.in-addr.arpa", Type.A))).endsWith("A 192.0.2.4]");
    }

    @Test
    void aStubDomainsServersAreTheOnlyOnesAskedAboutIt() throws IOException {
        FakeUpstream general = upstream(1);
        FakeUpstream broken = upstream(query -> {
            Message answer = answer(query);
            answer.getHeader().setRcode(Rcode.REFUSED);
            return List.of(answer.toWire());
        });
        TestDns dns = dns(TestDns.servers(general), new DnsConfig.StubDomain("corp.example", TestDns.servers(broken)));
        assertThat(dns.ask("x.corp.example", Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(general.asked()).isZero();
    }

    @Test
    void aDeadServerIsFoundOutAndPassedOver() throws IOException {
        FakeUpstream dead = upstream(query -> List.of());
        TestDns dns = dns(TestDns.servers(dead, upstream(1)));
        for (int i = 0; i < 40; i++) {
            assertThat(text(dns.ask("n" + i + ".example.com", Type.A))).isEqualTo("NOERROR[ A 192.0.2.1]");
        }
        assertThat(dns.forwarding().status()).extracting(status -> status.up()).containsExactlyInAnyOrder(true, false);
        dead.answers(Replies::good);
        await().until(() -> dns.forwarding().status().stream().allMatch(status -> status.up()));
    }

    @Test
    void nobodyListening() throws Exception {
        int port;
        try (FakeUpstream gone = new FakeUpstream(Replies::good)) {
            port = gone.port();
        }
        for (Protocol protocol : Protocol.values()) {
            TestDns dns = dns(List.of(TestDns.server(protocol, port, "")));
            assertThat(dns.ask("example.com", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
        }
    }

    @Test
    void liesOverTcpEndTheConnection() throws IOException {
        FakeUpstream liar = upstream(query -> {
            Message wrong = answer(query, a(query, 300, 66));
            wrong.getHeader().setID(query.getHeader().getID() ^ 1);
            return List.of(wrong.toWire());
        });
        TestDns dns = dns(List.of(TestDns.server(Protocol.TCP, liar.port(), "")));
        assertThat(dns.ask("example.com", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
        liar.answers(Replies::good);
        await().until(() -> dns.ask("example.com", Type.A).getRcode() == Rcode.NOERROR);
    }

    @Test
    void rubbishIsNotPassedOn() throws IOException {
        FakeUpstream rubbish = upstream(query -> {
            byte[] good = Replies.good(query).getFirst();
            good[7] = 9; // answers that are not there
            return List.of(good);
        });
        TestDns dns = dns(TestDns.servers(rubbish));
        assertThat(dns.ask("example.com", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void whatIsCutEvenOverTcpIsPassedOnSo() throws IOException {
        FakeUpstream upstream = upstream(query -> {
            Message cut = answer(query);
            cut.getHeader().setFlag(Flags.TC);
            return List.of(cut.toWire());
        });
        TestDns dns = dns(TestDns.servers(upstream));
        Message answer = dns.ask("example.com", Type.A);
        assertThat(answer.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(answer.getSection(Section.ANSWER)).isEmpty();
        dns.ask("example.com", Type.A);
        assertThat(upstream.asked()).as("it is not kept").isEqualTo(4);
    }

    /** RFC 5452 section 9: who forges answers has to guess the port and the id. */
    @Test
    void portsAndIdsCannotBeForetold() throws IOException {
        List<Integer> ids = Collections.synchronizedList(new ArrayList<>());
        FakeUpstream upstream = upstream(query -> {
            ids.add(query.getHeader().getID());
            return Replies.good(query);
        });
        TestDns dns = dns(TestDns.servers(upstream));
        int questions = 200;
        for (int i = 0; i < questions; i++) {
            dns.ask("n" + i + ".example.com", Type.A);
        }
        List<Integer> ports = upstream.clientPorts();
        assertThat(new HashSet<>(ids)).hasSizeGreaterThan(questions - 10);
        assertThat(new HashSet<>(ports)).hasSizeGreaterThan(questions - 30);
        assertThat(neighbours(ids)).isLessThan(10);
        assertThat(neighbours(ports)).isLessThan(10);
    }

    private static long neighbours(List<Integer> numbers) {
        long near = 0;
        for (int i = 1; i < numbers.size(); i++) {
            near += Math.abs(numbers.get(i) - numbers.get(i - 1)) <= 4 ? 1 : 0;
        }
        return near;
    }

    @Test
    void serversAreNamedAsMetricsNameThem() {
        DnsConfig.Upstream ipv6 = new DnsConfig.Upstream(Protocol.TLS, Ip.parse("2001:db8::1"), 853, "dns.example");
        TestDns dns = dns(List.of(ipv6), new DnsConfig.StubDomain("corp.example", List.of(ipv6)));
        assertThat(dns.forwarding().status())
                .extracting(status -> status.domain() + " " + status.server())
                .containsExactlyInAnyOrder(". [2001:db8::1]:853", "corp.example. [2001:db8::1]:853");
    }
}
