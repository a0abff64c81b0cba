package dev.weft.dns.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dns.wire.Question.Verdict;
import dev.weft.testkit.Seeded;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class QuestionTest {
    private static final DnsName NAME = DnsName.parse("My-Svc.Default.svc.cluster.local");

    @Test
    void readsWhatItWrites() {
        byte[] packet = Question.query(4711, NAME, RecordType.SRV, true);
        Question question = new Question();

        assertThat(question.parse(packet, packet.length)).isEqualTo(Verdict.OK);

        assertThat(question.toName()).isEqualTo(NAME).hasToString("my-svc.default.svc.cluster.local.");
        assertThat(question.type()).isEqualTo(RecordType.SRV);
        assertThat(question.recordClass()).isEqualTo(1);
        assertThat(question.labels()).isEqualTo(5);
        assertThat(question.hash()).isEqualTo(NAME.hash());
        assertThat(question.edns()).isTrue();
        assertThat(question.dnssecOk()).isTrue();
        assertThat(question.udpSize()).isEqualTo(1232);
        assertThat(question.questionEnd()).isEqualTo(packet.length - 11);
        assertThat(question.suffixAt(DnsName.parse("cluster.local"))).isEqualTo(NAME.length() - 15);
        assertThat(question.suffixAt(DnsName.parse("luster.local"))).isNegative();
        assertThat(question.suffixAt(DnsName.ROOT)).isEqualTo(NAME.length() - 1);
        assertThat(question.suffixAt(NAME)).isZero();
    }

    /** The label's bytes end like a name, but it is one label. */
    @Test
    void suffixesBeginAtLabels() {
        byte[] packet = Question.query(1, DnsName.parse("aa.local"), RecordType.A, false);
        byte[] inside = Arrays.copyOf(packet, packet.length);
        inside[13] = 'a';
        Question question = new Question();
        assertThat(question.parse(inside, inside.length)).isEqualTo(Verdict.OK);
        byte[] tricky = packet.clone();
        tricky[12] = 8; // 8 bytes: "aa", 5, "local"
        assertThat(question.parse(tricky, tricky.length)).isEqualTo(Verdict.OK);
        assertThat(question.suffixAt(DnsName.parse("local"))).isNegative();
    }

    @Test
    void whatIsNoQueryIsTold() {
        Question question = new Question();
        byte[] good = Question.query(1, NAME, RecordType.A, false);
        assertThat(question.parse(good, 11)).isEqualTo(Verdict.DROP);
        assertThat(question.parse(with(good, 2, 0x80), good.length)).isEqualTo(Verdict.DROP);
        assertThat(question.parse(with(good, 2, 0x28), good.length)).isEqualTo(Verdict.NOTIMP);
        assertThat(question.parse(with(good, 5, 2), good.length)).isEqualTo(Verdict.FORMERR);
        assertThat(question.parse(with(good, 12, 0xc0), good.length)).isEqualTo(Verdict.FORMERR);
        assertThat(question.parse(good, good.length - 1)).isEqualTo(Verdict.FORMERR);
        assertThat(question.parse(with(good, good.length - 5, 1), good.length)).isEqualTo(Verdict.BADVERS);
        byte[] twice = Arrays.copyOf(good, good.length + 11);
        System.arraycopy(good, good.length - 11, twice, good.length, 11);
        twice[11] = 2;
        assertThat(question.parse(twice, twice.length)).isEqualTo(Verdict.FORMERR);
    }

    @Test
    void damagedPacketsAreReadWithoutHarm() {
        Seeded.loop(20_000, random -> {
            byte[] packet = Question.query(random.nextInt(), NAME, RecordType.A, random.nextBoolean());
            for (int i = random.nextInt(6); i >= 0; i--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            new Question().parse(packet, random.nextInt(packet.length + 1));
        });
    }

    private static byte[] with(byte[] packet, int at, int value) {
        byte[] changed = packet.clone();
        changed[at] = (byte) value;
        return changed;
    }
}
