package dev.weft.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ServiceCountTest {
    @Test
    void readsWhatItPrints() {
        assertThat(ServiceCount.parse("10000")).isEqualTo(new ServiceCount(10_000, 2));
        assertThat(ServiceCount.parse("10000x10")).hasToString("10000x10");
        assertThat(new ServiceCount(1, 2).lastAddress()).isEqualTo("10.96.16.1");
        assertThat(new ServiceCount(251, 2).lastAddress()).isEqualTo("10.96.17.1");
    }

    @Test
    void refusesOthers() {
        for (String text : new String[] {"", "x", "0", "10x0", "1000000", "many"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> ServiceCount.parse(text));
        }
    }
}
