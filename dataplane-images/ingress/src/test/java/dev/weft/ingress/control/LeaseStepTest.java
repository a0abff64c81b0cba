package dev.weft.ingress.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseStepTest {
    private static final LeaseState MINE = new LeaseState("1", "me", 0, "t");
    private static final LeaseState OTHERS = new LeaseState("1", "other", 0, "t");
    private static final LeaseState FREE = new LeaseState("1", "", 3, "t");

    private static LeaseStep next(LeaseState seen, int seconds) {
        return LeaseStep.next(Optional.of(seen), "me", Duration.ofSeconds(seconds));
    }

    @Test
    void one_that_nobody_has_is_taken_at_once() {
        assertThat(LeaseStep.next(Optional.empty(), "me", Duration.ZERO)).isEqualTo(new LeaseStep.Create());
        assertThat(next(FREE, 0)).isEqualTo(new LeaseStep.Take(FREE));
    }

    @Test
    void that_of_another_is_taken_when_it_has_not_changed_for_15_seconds() {
        assertThat(next(OTHERS, 0)).isEqualTo(new LeaseStep.Wait(Duration.ofSeconds(15)));
        assertThat(next(OTHERS, 14)).isEqualTo(new LeaseStep.Wait(Duration.ofSeconds(1)));
        assertThat(next(OTHERS, 15)).isEqualTo(new LeaseStep.Take(OTHERS));
    }

    @Test
    void ones_own_is_renewed_now_and_then() {
        assertThat(next(MINE, 1)).isEqualTo(new LeaseStep.Wait(Duration.ofSeconds(3)));
        assertThat(next(MINE, 4)).isEqualTo(new LeaseStep.Renew(MINE));
    }

    @Test
    void a_leader_stops_before_another_may_start() {
        assertThat(LeaseStep.DEADLINE).isLessThan(LeaseStep.DURATION);
        assertThat(LeaseStep.RENEWAL.multipliedBy(2)).isLessThan(LeaseStep.DEADLINE);
    }
}
