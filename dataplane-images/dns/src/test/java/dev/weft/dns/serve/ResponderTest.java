package dev.weft.dns.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.wire.RecordType;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.Objects;
import dev.weft.dns.zone.PodsMode;
import dev.weft.testkit.Seeded;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;

class ResponderTest {
    private final ClusterZone zone = Objects.zone(PodsMode.INSECURE);
    private final Ask dns = new Ask(zone);

    private static byte[] query(String name, int type) {
        return Question.query(99, DnsName.parse(name), type, true);
    }

    @Test
    void theQuestionComesBackAsAsked() {
        Objects.put(zone, Objects.service("shop/web", "10.96.0.7", "http/tcp/80"));
        byte[] query = query("web.shop.svc.cluster.local", RecordType.A);
        query[13] = 'W';

        Message answer = dns.message(query, false);

        assertThat(answer.getHeader().getID()).isEqualTo(99);
        assertThat(answer.getQuestion().getName()).hasToString("Web.shop.svc.cluster.local.");
        assertThat(answer.getHeader().getFlag(Flags.QR)).isTrue();
        assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(answer.getHeader().getFlag(Flags.RD)).isTrue();
        OPTRecord opt = answer.getOPT();
        assertThat(opt.getPayloadSize()).isEqualTo(1232);
        assertThat(opt.getFlags()).isEqualTo(0x8000);
    }

    @Test
    void whatDoesNotFitIsCutAndSaidSo() {
        String[] endpoints = new String[300];
        Arrays.setAll(endpoints, i -> "10.1." + i / 100 + "." + i % 100);
        Objects.put(zone, Objects.service("db/pg", "None", "pg/tcp/5432"));
        zone.slice(
                Objects.key("db/a"),
                Optional.of(Objects.slice("db/a", "db/pg", Objects.ports("pg/tcp/5432"), endpoints)));
        for (int type : new int[] {RecordType.A, RecordType.SRV}) {
            byte[] with = query("pg.db.svc.cluster.local", type);
            Message udp = dns.message(with, false);
            assertThat(udp.getHeader().getFlag(Flags.TC)).isTrue();
            assertThat(udp.numBytes()).isLessThanOrEqualTo(1232);
            assertThat(udp.getSection(Section.ANSWER)).hasSizeGreaterThan(10);
            byte[] without = Arrays.copyOf(with, with.length - 11);
            without[11] = 0;
            assertThat(dns.message(without, false).numBytes()).isLessThanOrEqualTo(512);
            Message tcp = dns.message(with, true);
            assertThat(tcp.getHeader().getFlag(Flags.TC)).isFalse();
            assertThat(tcp.getSection(Section.ANSWER)).hasSize(300);
            assertThat(tcp.getSection(Section.ADDITIONAL)).hasSize(type == RecordType.A ? 1 : 301);
        }
    }

    @Test
    void addressesComeInAnyOrder() {
        Objects.put(zone, Objects.service("db/pg", "None", "pg/tcp/5432"));
        zone.slice(
                Objects.key("db/a"),
                Optional.of(Objects.slice(
                        "db/a", "db/pg", Objects.ports("pg/tcp/5432"), "10.1.0.1", "10.1.0.2", "10.1.0.3")));
        Set<String> orders = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            orders.add(dns.message("pg.db.svc.cluster.local", RecordType.A)
                    .getSection(Section.ANSWER)
                    .toString());
        }
        assertThat(orders).hasSize(6);
    }

    @Test
    void refusals() {
        byte[] query = query("cluster.local", RecordType.A);
        assertThat(dns.message(with(query, 2, 0x28), false).getRcode()).isEqualTo(4);
        assertThat(dns.message(with(query, 5, 2), false).getRcode()).isEqualTo(1);
        assertThat(dns.message(with(query, query.length - 12, 3), false).getRcode())
                .isEqualTo(5);
        assertThat(dns.message(with(query, query.length - 5, 1), false).getRcode())
                .isEqualTo(16);
        assertThat(dns.respond(with(query, 2, 0x80), new byte[1232], false)).isZero();
    }

    /** Whatever comes: no exception, and an answer that others can read, no longer than allowed. */
    @Test
    void damagedPacketsAreAnsweredByTheRules() {
        Objects.put(zone, Objects.service("shop/web", "10.96.0.7,fd00::1", "http/tcp/80"));
        zone.complete();
        String[] names = {
            "web.shop.svc.cluster.local", "_http._tcp.web.shop.svc.cluster.local", "1-2-3-4.shop.pod.cluster.local",
            "7.0.96.10.in-addr.arpa", "x.cluster.local", "example.com"
        };
        byte[] out = new byte[Responder.MOST_BYTES];
        Seeded.loop(20_000, random -> {
            byte[] query = query(names[random.nextInt(names.length)], random.nextInt(40));
            for (int i = random.nextInt(5); i > 0; i--) {
                query[random.nextInt(query.length)] = (byte) random.nextInt();
            }
            byte[] cut = random.nextInt(4) == 0 ? Arrays.copyOf(query, random.nextInt(query.length)) : query;
            int length = dns.respond(cut, out, false);
            assertThat(length).isLessThanOrEqualTo(Responder.UDP_BYTES);
            if (length > 0) {
                read(out, length);
            }
        });
    }

    private static void read(byte[] out, int length) {
        try {
            assertThat(new Message(Arrays.copyOf(out, length)).getHeader().getFlag(Flags.QR))
                    .isTrue();
        } catch (IOException e) {
            throw new AssertionError("no message", e);
        }
    }

    private static byte[] with(byte[] packet, int at, int value) {
        byte[] changed = packet.clone();
        changed[at] = (byte) value;
        return changed;
    }
}
