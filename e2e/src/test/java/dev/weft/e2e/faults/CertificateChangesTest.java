package dev.weft.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.faults.WebAnswers.Shown;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CertificateChangesTest {
    private final CertificateChanges changes = new CertificateChanges();

    @Test
    void aChangeLastsUntilTheOldOneIsShownNoMore() {
        add("a", 0);
        add("b", 1000);
        add("c", 2000);
        assertThat(changes.untilAll(Map.of(
                        "a", new Shown(9, 10, 1080),
                        "b", new Shown(9, 1050, 1990),
                        "c", new Shown(9, 2030, 2900))))
                .containsExactly(Duration.ofMillis(30), Duration.ofMillis(80));
    }

    @Test
    void eachIsShownAndNoOther() {
        add("a", 0);
        add("b", 1000);
        assertThat(changes.strange(Map.of("a", new Shown(1, 1, 1), "b", new Shown(1, 1, 1))))
                .isEmpty();
        assertThat(changes.strange(Map.of("a", new Shown(1, 1, 1), "x", new Shown(1, 1, 1))))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("nobody saw b"))
                .anySatisfy(line -> assertThat(line).startsWith("x was shown"));
    }

    @Test
    void whatNobodySawHasNoTime() {
        add("a", 0);
        add("b", 1000);
        assertThat(changes.untilAll(Map.of("a", new Shown(1, 1, 1)))).isEmpty();
    }

    private void add(String serial, long millis) {
        changes.add(serial, Instant.ofEpochMilli(millis));
    }
}
