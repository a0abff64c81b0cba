package dev.weft.dns.forward;

import static dev.weft.dns.forward.Replies.a;
import static dev.weft.dns.forward.Replies.answer;
import static dev.weft.dns.forward.Replies.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.zone.Objects;
import dev.weft.dns.zone.PodsMode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** How long answers are kept, when they are asked for again, and what is said when nobody answers. */
class CacheTimesTest {
    private FakeUpstream upstream;
    private TestDns dns;

    @BeforeEach
    void start() throws IOException {
        upstream = new FakeUpstream(Replies::good);
        dns = new TestDns(
                Objects.zone(PodsMode.INSECURE),
                TestDns.config(10, TestDns.servers(upstream), List.of(), Optional.empty(), List.of()),
                SearchPath.NONE,
                (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    @AfterEach
    void stop() throws IOException {
        dns.close();
        upstream.close();
    }

    private Message ask() {
        return dns.ask("www.example.com", Type.A);
    }

    private static long ttl(Message answer) {
        return answer.getSection(Section.ANSWER).getFirst().getTTL();
    }

    private static List<byte[]> failure(Message query) {
        Message answer = answer(query);
        answer.getHeader().setRcode(Rcode.SERVFAIL);
        return List.of(answer.toWire());
    }

    @Test
    void timeToLiveRunsDown() {
        assertThat(ttl(ask())).isEqualTo(300);
        dns.passSeconds(100);
        assertThat(ttl(ask())).isEqualTo(200);
        assertThat(upstream.asked()).isEqualTo(1);
        dns.passSeconds(200);
        assertThat(ttl(ask())).isEqualTo(300);
        assertThat(upstream.asked()).isEqualTo(2);
    }

    @Test
    void whatIsWantedIsAskedForBeforeItsTimeIsOver() {
        ask();
        ask();
        dns.passSeconds(269);
        ask();
        assertThat(upstream.asked()).as("more than a tenth of its time is left").isEqualTo(1);
        dns.passSeconds(2);
        assertThat(ttl(ask())).as("nobody waits for it").isEqualTo(29);
        await().until(() -> ttl(ask()) == 300);
        assertThat(upstream.asked()).isEqualTo(2);
        assertThat(dns.metrics().prefetches()).isEqualTo(1);
    }

    @Test
    void whatNobodyWantsIsNot() {
        ask();
        dns.passSeconds(280);
        ask();
        assertThat(upstream.asked()).isEqualTo(1);
        assertThat(dns.metrics().prefetches()).isZero();
    }

    @Test
    void oldAnswersAreBetterThanNone() throws IOException {
        ask();
        upstream.answers(CacheTimesTest::failure);
        dns.passSeconds(301);
        Message stale = ask();
        assertThat(text(stale)).isEqualTo("NOERROR[ A 192.0.2.1]");
        assertThat(ttl(stale)).isEqualTo(30);
        assertThat(dns.metrics().staleAnswers()).isEqualTo(1);
        assertThat(dns.ask("never.example.com", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
        dns.passSeconds(3600);
        assertThat(ask().getRcode()).as("too old").isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void aSlowServerIsNotWaitedForWhereAnOldAnswerWouldDo() throws Exception {
        ask();
        CountDownLatch slow = new CountDownLatch(1);
        upstream.answers(query -> {
            try {
                slow.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of(answer(query, a(query, 300, 2)).toWire());
        });
        dns.passSeconds(301);
        byte[] query = Question.query(1, DnsName.parse("www.example.com"), Type.A, false);
        CompletableFuture<byte[]> early = dns.later(query, false);
        assertThat(text(new Message(early.get()))).isEqualTo("NOERROR[ A 192.0.2.1]");
        slow.countDown();
        await().until(() -> text(ask()).equals("NOERROR[ A 192.0.2.2]"));
    }

    @Test
    void nobodyWaitsForServersThatAreKnownToBeAway() throws IOException {
        ask();
        dns.ask("other.example.com", Type.A);
        upstream.answers(query -> List.of());
        dns.passSeconds(301);
        ask();
        await().until(() -> !dns.forwarding().status().getFirst().up());
        int asked = dns.metrics().staleAnswers() > 0 ? upstream.asked() : 0;
        assertThat(text(dns.ask("other.example.com", Type.A))).isEqualTo("NOERROR[ A 192.0.2.1]");
        assertThat(asked).isPositive();
        assertThat(dns.forwarding().status().getFirst().lastError()).contains("no answer");
        upstream.answers(Replies::good);
        await().until(() -> dns.forwarding().status().getFirst().up());
        await().until(() -> ttl(ask()) == 300);
    }
}
