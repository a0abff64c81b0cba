package dev.weft.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.quarkus.runtime.ShutdownEvent;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LostLeaseTest {
    private final AtomicInteger ends = new AtomicInteger();
    private final LostLease lost = new LostLease(ends::incrementAndGet);

    @Test
    void whoever_loses_the_lease_ends() {
        LeaderCallbacks callbacks =
                new Wiring().leaderElection(lost).getLeaderCallbacks().orElseThrow();

        callbacks.onStartLeading();
        callbacks.onNewLeader("another");
        assertThat(ends).hasValue(0);

        callbacks.onStopLeading();
        assertThat(ends).hasValue(1);
    }

    @Test
    void whoever_gives_it_up_at_its_end_is_left_to_end_in_order() {
        lost.stop(new ShutdownEvent());

        lost.callbacks().onStopLeading();

        assertThat(ends).hasValue(0);
    }
}
