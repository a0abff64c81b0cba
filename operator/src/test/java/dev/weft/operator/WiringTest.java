package dev.weft.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import org.junit.jupiter.api.Test;

class WiringTest {
    @Test
    void an_operator_that_loses_the_lease_ends() {
        assertThat(new Wiring().leaderElection().isExitOnStopLeading()).isTrue();
    }

    @Test
    void a_leader_gives_up_before_another_may_take_over() {
        LeaderElectionConfiguration election = new Wiring().leaderElection();

        assertThat(election.getRenewDeadline()).isLessThan(election.getLeaseDuration());
        assertThat(election.getRetryPeriod()).isLessThan(election.getRenewDeadline());
    }
}
