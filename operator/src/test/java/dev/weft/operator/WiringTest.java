package dev.weft.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import org.junit.jupiter.api.Test;

class WiringTest {
    @Test
    void a_leader_gives_up_before_another_may_take_over() {
        LeaderElectionConfiguration election = new Wiring().leaderElection(new LostLease());

        assertThat(election.getRenewDeadline()).isLessThan(election.getLeaseDuration());
        assertThat(election.getRetryPeriod()).isLessThan(election.getRenewDeadline());
    }
}
