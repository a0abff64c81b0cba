package dev.weft.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.Objects;
import dev.weft.dns.zone.PodsMode;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class ZoneTransferTest {
    private static final byte[] AXFR = Question.query(7, DnsName.parse("cluster.local"), Type.AXFR, false);

    private final ClusterZone zone = Objects.zone(PodsMode.INSECURE);
    private final TestDns dns = new TestDns(
            zone,
            TestDns.config(10, List.of(), List.of(), Optional.empty(), List.of(Cidr.parse("10.244.0.0/16"))),
            SearchPath.NONE,
            (SSLSocketFactory) SSLSocketFactory.getDefault());

    @AfterEach
    void close() {
        dns.close();
    }

    private static List<String> texts(List<Message> messages) {
        List<String> texts = new ArrayList<>();
        for (Message message : messages) {
            for (Record record : message.getSection(Section.ANSWER)) {
                texts.add(record.getName() + " " + Type.string(record.getType()) + " " + record.rdataToString());
            }
        }
        return texts;
    }

    @Test
    void allRecordsBetweenTwoOfTheZone() throws Exception {
        Objects.put(zone, Objects.service("shop/web", "10.96.0.7,fd00::7", "http/tcp/80"));
        Objects.put(zone, Objects.external("shop/out", "www.example.com"));
        zone.complete();
        List<Message> messages = dns.parts(AXFR, TestDns.CLIENT);
        List<String> texts = texts(messages);
        assertThat(messages).hasSize(1);
        assertThat(messages.getFirst().getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(texts.getFirst())
                .startsWith("cluster.local. SOA ns.dns.cluster.local.")
                .isEqualTo(texts.getLast());
        assertThat(texts.subList(1, texts.size() - 1))
                .containsExactlyInAnyOrder(
                        "cluster.local. NS ns.dns.cluster.local.",
                        "dns-version.cluster.local. TXT \"1.1.0\"",
                        "web.shop.svc.cluster.local. A 10.96.0.7",
                        "web.shop.svc.cluster.local. AAAA fd00:0:0:0:0:0:0:7",
                        "web.shop.svc.cluster.local. SRV 0 50 80 web.shop.svc.cluster.local.",
                        "_http._tcp.web.shop.svc.cluster.local. A 10.96.0.7",
                        "_http._tcp.web.shop.svc.cluster.local. AAAA fd00:0:0:0:0:0:0:7",
                        "_http._tcp.web.shop.svc.cluster.local. SRV 0 50 80 web.shop.svc.cluster.local.",
                        "out.shop.svc.cluster.local. CNAME www.example.com.");
    }

    @Test
    void aLargeZoneTakesManyMessages() throws Exception {
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < 2000; i++) {
            Objects.put(zone, Objects.service("shop/web-" + i, "10.96." + (i >> 8) + "." + (i & 255), "http/tcp/80"));
            expected.add("web-" + i + ".shop.svc.cluster.local. A 10.96." + (i >> 8) + "." + (i & 255));
        }
        zone.complete();
        List<Message> messages = dns.parts(AXFR, TestDns.CLIENT);
        assertThat(messages).hasSizeGreaterThan(10).allMatch(message -> message.numBytes() <= 16 * 1024 + 100);
        List<String> texts = texts(messages);
        texts.removeIf(text -> !text.startsWith("web") || !text.contains(" A "));
        assertThat(texts).hasSameSizeAs(expected).containsAll(expected);
    }

    @Test
    void onlyForThoseWhoMay() throws Exception {
        assertThat(rcode(AXFR, TestDns.CLIENT)).as("not complete yet").isEqualTo(Rcode.SERVFAIL);
        zone.complete();
        assertThat(rcode(AXFR, Ip.parse("10.243.0.1"))).isEqualTo(Rcode.REFUSED);
        assertThat(rcode(AXFR, Ip.parse("::1"))).isEqualTo(Rcode.REFUSED);
        byte[] other = Question.query(7, DnsName.parse("svc.cluster.local"), Type.AXFR, false);
        assertThat(rcode(other, TestDns.CLIENT)).isEqualTo(Rcode.NOTAUTH);
        assertThat(dns.ask(AXFR, false).getRcode()).as("over UDP").isEqualTo(Rcode.REFUSED);
        assertThat(rcode(AXFR, TestDns.CLIENT)).isEqualTo(Rcode.NOERROR);
    }

    private int rcode(byte[] query, Ip client) throws Exception {
        return dns.parts(query, client).getFirst().getRcode();
    }
}
