package dev.weft.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DurationsTest {
    @Test
    void durations_of_gep_2257() {
        assertThat(Durations.parse("0s")).contains(Duration.ZERO);
        assertThat(Durations.parse("1h30m")).contains(Duration.ofMinutes(90));
        assertThat(Durations.parse("10s500ms")).contains(Duration.ofMillis(10_500));
        assertThat(Durations.parse("99999h")).contains(Duration.ofHours(99_999));
        for (String wrong : List.of("", "1", "1.5s", "-1s", "1d", "100000s", "1s2s3s4s5s", " 1s")) {
            assertThat(Durations.parse(wrong)).as(wrong).isEmpty();
        }
    }
}
