package dev.weft.dns.forward;

import static dev.weft.dns.forward.Replies.a;
import static dev.weft.dns.forward.Replies.answer;
import static dev.weft.dns.forward.Replies.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.zone.Objects;
import dev.weft.dns.zone.PodsMode;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class Dns64Test {
    private FakeUpstream upstream;
    private TestDns dns;

    @BeforeEach
    void start() throws IOException {
        upstream = new FakeUpstream(Dns64Test::world);
        dns = new TestDns(
                Objects.zone(PodsMode.INSECURE),
                TestDns.config(
                        10, TestDns.servers(upstream), List.of(), Optional.of(Cidr.parse("64:ff9b::/96")), List.of()),
                SearchPath.NONE,
                (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    @AfterEach
    void stop() throws IOException {
        dns.close();
        upstream.close();
    }

    /** old. has IPv4 alone, new. both, gone. does not exist, alias. leads to old. */
    private static List<byte[]> world(Message query) {
        try {
            Name name = query.getQuestion().getName();
            boolean ipv6 = query.getQuestion().getType() == Type.AAAA;
            String label = name.getLabelString(0);
            Message answer = answer(query);
            if (label.equals("gone")) {
                answer.getHeader().setRcode(Rcode.NXDOMAIN);
            } else if (ipv6 && label.equals("new")) {
                answer.addRecord(
                        new AAAARecord(name, DClass.IN, 60, InetAddress.getByName("2001:db8::7")), Section.ANSWER);
            } else if (ipv6) {
                answer.addRecord(
                        new SOARecord(Name.root, DClass.IN, 100, Name.root, Name.root, 1, 1, 1, 1, 90),
                        Section.AUTHORITY);
            } else if (label.equals("alias")) {
                Name old = Name.fromString("old.example.");
                answer.addRecord(new CNAMERecord(name, DClass.IN, 40, old), Section.ANSWER);
                answer.addRecord(a(Message.newQuery(Record.newRecord(old, Type.A, DClass.IN)), 300, 1), Section.ANSWER);
            } else {
                answer.addRecord(a(query, 300, 1), Section.ANSWER);
            }
            return List.of(answer.toWire());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void namesWithoutIpv6GetAddresses() {
        Message made = dns.ask("old.example", Type.AAAA);
        assertThat(text(made)).isEqualTo("NOERROR[ AAAA 64:ff9b:0:0:0:0:c000:201]");
        assertThat(made.getSection(Section.ANSWER).getFirst().getTTL())
                .as("as long as there is no other")
                .isEqualTo(90);
        assertThat(upstream.asked()).isEqualTo(2);
        assertThat(text(dns.ask("old.example", Type.AAAA))).isEqualTo(text(made));
        assertThat(upstream.asked()).as("it is kept").isEqualTo(2);
        assertThat(text(dns.ask("old.example", Type.A))).isEqualTo("NOERROR[ A 192.0.2.1]");
        assertThat(text(dns.ask("alias.example", Type.AAAA)))
                .isEqualTo("NOERROR[ CNAME old.example.,  AAAA 64:ff9b:0:0:0:0:c000:201]");
    }

    @Test
    void othersAreLeftAlone() {
        assertThat(text(dns.ask("new.example", Type.AAAA))).isEqualTo("NOERROR[ AAAA 2001:db8:0:0:0:0:0:7]");
        assertThat(text(dns.ask("gone.example", Type.AAAA))).isEqualTo("NXDOMAIN[]");
        byte[] checking = Question.query(1, DnsName.parse("old.example"), Type.AAAA, true);
        checking[3] |= 0x10;
        assertThat(text(dns.ask(checking, false))).as("who checks signatures").isEqualTo("NOERROR[]");
    }

    @ParameterizedTest // RFC 6052 section 2.4
    @CsvSource({
        "2001:db8::/32, 2001:db8:c000:221::",
        "2001:db8:100::/40, 2001:db8:1c0:2:21::",
        "2001:db8:122::/48, 2001:db8:122:c000:2:2100::",
        "2001:db8:122:300::/56, 2001:db8:122:3c0:0:221::",
        "2001:db8:122:344::/64, 2001:db8:122:344:c0:2:2100::",
        "2001:db8:122:344::/96, 2001:db8:122:344::c000:221"
    })
    void addressesAreEmbedded(String prefix, String address) {
        byte[] made = Dns64.embed(Cidr.parse(prefix), Ip.parse("192.0.2.33").bytes());
        assertThat(Ip.of(made)).isEqualTo(Ip.parse(address));
    }
}
