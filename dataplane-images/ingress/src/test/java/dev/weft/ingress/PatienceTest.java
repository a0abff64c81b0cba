package dev.weft.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Patience patience = new Patience();

    @Test
    void each_is_waited_for_once() {
        assertThat(patience.awaits(List.of("a"), 0)).isTrue();
        assertThat(patience.awaits(List.of("a"), 4 * SECOND)).isTrue();
        assertThat(patience.awaits(List.of("a"), 5 * SECOND)).isFalse();
        // What comes later is waited for, though the first is still not known; not by the first one's clock.
        assertThat(patience.awaits(List.of("a", "b"), 6 * SECOND)).isTrue();
        assertThat(patience.awaits(List.of("a", "b"), 10 * SECOND)).isTrue();
        assertThat(patience.awaits(List.of("a", "b"), 11 * SECOND)).isFalse();
    }

    @Test
    void who_was_known_meanwhile_is_waited_for_again() {
        assertThat(patience.awaits(List.of("a"), 0)).isTrue();
        assertThat(patience.awaits(List.of(), SECOND)).isFalse();
        assertThat(patience.awaits(List.of("a"), 5 * SECOND)).isTrue();
    }
}
