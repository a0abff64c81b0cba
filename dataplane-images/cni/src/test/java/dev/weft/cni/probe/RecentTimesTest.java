package dev.weft.cni.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentTimesTest {
    private final RecentTimes times = new RecentTimes();

    @Test
    void thereIsNoMedianOfNothing() {
        assertThat(times.median()).isZero();
    }

    @Test
    void aMomentOfLoadDoesNotMoveTheMedian() {
        for (int i = 0; i < 20; i++) {
            times.add(200 + i);
        }
        for (int i = 0; i < 10; i++) {
            times.add(90_000);
        }
        assertThat(times.median()).isBetween(200L, 219L);
    }

    @Test
    void whatIsLongAgoIsForgotten() {
        times.add(1_000_000);
        for (int i = 0; i < 31; i++) {
            times.add(300);
        }
        assertThat(times.median()).isEqualTo(300);
    }
}
