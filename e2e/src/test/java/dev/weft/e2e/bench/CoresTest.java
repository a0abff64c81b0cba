package dev.weft.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.e2e.lab.LabException;
import org.junit.jupiter.api.Test;

class CoresTest {
    @Test
    void aProxyHasItsCoreForItself() {
        for (int available = 2; available <= 64; available++) {
            Cores cores = Cores.of(available);
            assertThat(cores.proxy()).isNotIn(cores.backend(), cores.load()).isLessThan(available);
            assertThat(cores.backend()).isBetween(0, available - 1);
            assertThat(cores.load()).isBetween(0, available - 1);
        }
        assertThatExceptionOfType(LabException.class).isThrownBy(() -> Cores.of(1));
    }

    @Test
    void loadAndBackendArePartedWhereThatCanBe() {
        assertThat(Cores.of(2).told()).isEqualTo("each proxy on core 1, load and backend together on core 0");
        assertThat(Cores.of(4).told()).isEqualTo("each proxy on core 1, backend on core 2, load on core 3");
        assertThat(Cores.of(3).backend()).isNotEqualTo(Cores.of(3).load());
    }
}
