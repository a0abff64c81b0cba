package dev.weft.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedTest {
    @Test
    void whatDisturbsBothOfAPairDoesNotShow() {
        Paired paired = new Paired();
        Random random = new Random(1);
        for (int i = 0; i < 50; i++) {
            double machine = 1 + random.nextDouble(10);
            paired.add(3 * machine, 2 * machine);
        }
        assertThat(paired.median()).isEqualTo(1.5);
        assertThat(paired.low()).isEqualTo(1.5);
        assertThat(paired.high()).isEqualTo(1.5);
    }

    @Test
    void theIntervalHoldsTheTrueMedianAboutAsOftenAsItSays() {
        Random random = new Random(2);
        int held = 0;
        for (int trial = 0; trial < 1000; trial++) {
            Paired paired = new Paired();
            for (int i = 0; i < 60; i++) {
                paired.add(Math.exp(random.nextGaussian()), 1);
            }
            held += paired.low() <= 1 && paired.high() >= 1 ? 1 : 0;
        }
        assertThat(held).isBetween(940, 990);
    }

    @Test
    void whatCannotBeComparedIsRefused() {
        assertThatThrownBy(() -> new Paired().add(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Paired().median()).isNaN();
        assertThat(new Paired().low()).isNaN();
    }
}
