package dev.weft.cni.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cni.routes.Path;
import dev.weft.net.Ip;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChecksumJudgeTest {
    private static final ProbeTarget TUNNEL = new ProbeTarget("b", Ip.parse("10.244.2.1"), Path.VXLAN);
    private static final ProbeTarget DIRECT = new ProbeTarget("c", Ip.parse("10.244.3.1"), Path.DIRECT);

    private final ChecksumJudge judge = new ChecksumJudge(false);

    private static List<ChecksumJudge.Evidence> evidence(
            ProbeTarget target, boolean packets, int failures, boolean passed) {
        return List.of(new ChecksumJudge.Evidence(target, packets, failures, passed));
    }

    @Test
    void oneLostConnectionIsNoVerdict() {
        assertThat(judge.look(evidence(TUNNEL, true, 2, false))).isEmpty();
        assertThat(judge.without()).isFalse();
    }

    @Test
    void stalledConnectionsInTheTunnelAreTriedWithoutHardware() {
        assertThat(judge.look(evidence(TUNNEL, true, 3, false))).contains(true);
        assertThat(judge.look(evidence(TUNNEL, true, 0, false)))
                .as("not known yet")
                .isEmpty();
        assertThat(judge.look(evidence(TUNNEL, true, 0, true))).isEmpty();
        assertThat(judge.without()).as("it helped, so it stays").isTrue();
        assertThat(judge.look(evidence(TUNNEL, true, 9, true)))
                .as("whatever comes")
                .isEmpty();
    }

    @Test
    void whatDoesNotHelpIsUndoneAndNotTriedAgain() {
        judge.look(evidence(TUNNEL, true, 3, false));
        assertThat(judge.look(evidence(TUNNEL, true, 3, false))).contains(false);
        assertThat(judge.look(evidence(TUNNEL, true, 30, false))).isEmpty();
        assertThat(judge.without()).isFalse();
    }

    @Test
    void pathsThatAreDownOrHaveNoTunnelSayNothing() {
        assertThat(judge.look(evidence(TUNNEL, false, 9, false))).isEmpty();
        assertThat(judge.look(evidence(DIRECT, true, 9, false))).isEmpty();
    }

    @Test
    void anEarlierVerdictHolds() {
        assertThat(new ChecksumJudge(true).without()).isTrue();
    }
}
