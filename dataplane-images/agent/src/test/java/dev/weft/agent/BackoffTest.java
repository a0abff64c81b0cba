package dev.weft.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

    @Test
    void growsToItsBoundWithJitter() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            assertThat(backoff.delay(0, random)).isZero();
            assertThat(backoff.delay(1, random)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
            assertThat(backoff.delay(4, random)).isBetween(Duration.ofMillis(800), Duration.ofMillis(1600));
            assertThat(backoff.delay(20, random)).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
            assertThat(backoff.delay(Integer.MAX_VALUE, random))
                    .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
        }
    }

    @Test
    void refusesWhatDoesNotGrow() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
