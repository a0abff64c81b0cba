package dev.weft.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.ConnectivityStatus;
import dev.weft.config.NodeStatus;
import dev.weft.operator.observe.AgentReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectivityTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration YOUNG = Duration.ofMinutes(1);
    private static final Duration OLD = Duration.ofHours(1);

    @Test
    void timesOfYoungAgentsAreNotShown() {
        assertThat(of(Optional.empty(), agent(YOUNG, 9000))).returns(0L, ConnectivityStatus::rttP50Micros);
        assertThat(of(Optional.empty(), agent(YOUNG, 9000), agent(OLD, 300)))
                .returns(1000L, ConnectivityStatus::rttP50Micros)
                .returns(1000L, ConnectivityStatus::rttP99Micros)
                .returns("2/2", ConnectivityStatus::summary);
    }

    @Test
    void whatIsShownStaysWhileAllAgentsAreYoungAndWhileTimesAreNearIt() {
        ConnectivityStatus shown = of(Optional.empty(), agent(OLD, 300));
        assertThat(of(Optional.of(shown), agent(YOUNG, 9000))).isEqualTo(shown);
        assertThat(of(Optional.of(shown), agent(OLD, 100))).isEqualTo(shown);
        assertThat(of(Optional.of(shown), agent(OLD, 4000))).isEqualTo(shown);
        assertThat(of(Optional.of(shown), agent(OLD, 4001))).returns(16_000L, ConnectivityStatus::rttP50Micros);
    }

    private static ConnectivityStatus of(Optional<ConnectivityStatus> previous, AgentReport... agents) {
        return Connectivity.of(Set.of("node1", "node2"), Arrays.asList(agents), previous);
    }

    private static AgentReport agent(Duration age, long rttMicros) {
        NodeStatus.Probe probe = new NodeStatus.Probe("node2", "IPv4", "VXLAN", true, 10, 0, NOW, rttMicros, "");
        return new AgentReport.Answered(
                "node1",
                NOW,
                NOW,
                new NodeStatus(
                        "node1",
                        "0.1.0",
                        "r1",
                        NOW.minus(age),
                        List.of(),
                        1500,
                        1450,
                        0,
                        List.of(probe),
                        List.of(),
                        List.of()));
    }
}
