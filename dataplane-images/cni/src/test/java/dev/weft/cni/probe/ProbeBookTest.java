package dev.weft.cni.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cni.routes.Path;
import dev.weft.config.NodeStatus;
import dev.weft.net.Ip;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeBookTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ProbeTarget B = new ProbeTarget("b", Ip.parse("10.244.2.1"), Path.VXLAN);
    private static final ProbeTarget B6 = new ProbeTarget("b", Ip.parse("fd00:244:0:2::1"), Path.DIRECT);

    private final ProbeBook book = new ProbeBook();
    private long sequence;

    private void round(boolean smallPasses, boolean fullPasses) {
        book.roundBegins();
        ask(B, false, smallPasses);
        ask(B, true, fullPasses);
        book.roundEnds();
    }

    private void ask(ProbeTarget target, boolean full, boolean passes) {
        long number = ++sequence;
        book.asked(number, target, full, full ? 1450 : 60);
        if (passes) {
            ProbeMessage answer = new ProbeMessage(ProbeMessage.Type.ANSWER, 1400, number, 0, 0);
            book.answered(answer, NOW, Duration.ofNanos(123_456));
        }
    }

    private NodeStatus.Probe only() {
        assertThat(book.results()).hasSize(1);
        return book.results().getFirst();
    }

    @Test
    void wellWhenTheFullSizePasses() {
        book.targets(List.of(B));
        round(true, true);
        assertThat(only()).isEqualTo(new NodeStatus.Probe("b", "IPv4", "VXLAN", true, 2, 0, NOW, 123, ""));
        assertThat(book.peerMtus()).containsEntry("b", 1400);
        assertThat(book.anyFailing()).isFalse();
    }

    @Test
    void saysThatThePathIsTooNarrow() {
        book.targets(List.of(B));
        round(true, false);
        assertThat(only().ok()).isFalse();
        assertThat(only().message())
                .isEqualTo("small packets pass, those of 1450 bytes are lost: the MTU of the path to 10.244.2.1 is"
                        + " smaller");
        assertThat(only().lost()).isEqualTo(1);
    }

    @Test
    void saysThatNothingComesBackAndForHowLong() {
        book.targets(List.of(B));
        round(false, false);
        round(false, false);
        assertThat(only().message()).isEqualTo("no answer from 10.244.2.1 in 2 rounds");
        assertThat(only().lost()).isEqualTo(4);
        assertThat(only().lastAnswered()).isEqualTo(Instant.EPOCH);
        round(true, true);
        assertThat(only().message()).isEmpty();
        assertThat(only().lost()).isEqualTo(4);
    }

    /** A node that reboots answers neither; that its TCP failed meanwhile says nothing of checksums. */
    @Test
    void tcpCountsOnlyWhilePacketsPass() {
        book.targets(List.of(B));
        for (int i = 0; i < 3; i++) {
            book.tcpEnded(B, false);
            round(false, false);
        }
        round(true, true);
        assertThat(book.evidence()).allMatch(evidence -> evidence.tcpFailures() == 0);
        book.tcpEnded(B, false);
        round(true, true);
        assertThat(book.evidence()).allMatch(evidence -> evidence.tcpFailures() == 1);
    }

    @Test
    void saysWhyThePacketWasNotSent() {
        book.targets(List.of(B));
        book.roundBegins();
        book.refused(B, "Network is unreachable");
        book.roundEnds();
        assertThat(only().message()).isEqualTo("no answer from 10.244.2.1: Network is unreachable");
    }

    @Test
    void lateAndForeignAnswersCountForNothing() {
        book.targets(List.of(B));
        round(false, false);
        book.answered(new ProbeMessage(ProbeMessage.Type.ANSWER, 1400, 1, 0, 0), NOW, Duration.ofSeconds(2));
        book.answered(new ProbeMessage(ProbeMessage.Type.ANSWER, 1400, 999, 0, 0), NOW, Duration.ofMillis(1));
        assertThat(only().lost()).isEqualTo(2);
        assertThat(only().rttMicros()).isZero();
        assertThat(book.peerMtus()).isEmpty();
    }

    @Test
    void eachFamilyHasItsOwnResult() {
        book.targets(List.of(B, B6));
        book.roundBegins();
        ask(B, true, true);
        ask(B6, true, false);
        book.roundEnds();
        assertThat(book.results()).extracting(NodeStatus.Probe::ok).containsExactly(true, false);
        assertThat(book.anyFailing()).isTrue();
    }

    @Test
    void aNodeThatStaysKeepsItsNumbersAndOneThatGoesIsForgotten() {
        book.targets(List.of(B, B6));
        round(true, true);
        book.targets(List.of(new ProbeTarget("b", B.address(), Path.DIRECT)));
        assertThat(only().sent()).isEqualTo(2);
        assertThat(only().path()).isEqualTo("Direct");
        book.targets(List.of());
        assertThat(book.results()).isEmpty();
        assertThat(book.peerMtus()).isEmpty();
        assertThat(book.anyFailing()).isFalse();
    }

    @Test
    void whatWasNeverProbedIsNotWell() {
        book.targets(List.of(B));
        assertThat(only().message()).isEqualTo("not probed yet");
        assertThat(book.anyFailing()).isTrue();
    }

    @Test
    void oftenWhileNewOrFailingElseSeldom() {
        assertThat(ProbeSchedule.interval(Duration.ofSeconds(1), false)).isEqualTo(Duration.ofSeconds(1));
        assertThat(ProbeSchedule.interval(Duration.ofSeconds(31), true)).isEqualTo(Duration.ofSeconds(1));
        assertThat(ProbeSchedule.interval(Duration.ofSeconds(31), false)).isEqualTo(Duration.ofSeconds(10));
    }
}
