package dev.weft.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.Test;

class GoldenTest {
    @Test
    void bytesAreLinesOfSixteen() {
        Golden.assertMatches("golden/bytes.hex", new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, -1});
        assertThat(Golden.hex(new byte[0])).isEmpty();
    }

    @Test
    void aDifferenceFails() {
        assumeFalse(Boolean.getBoolean("golden.update"));
        assertThatThrownBy(() -> Golden.assertMatches("golden/absent", "x"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dgolden.update=true");
    }

    @Test
    void aFailingLoopNamesItsSeed() {
        assertThatThrownBy(() ->
                        Seeded.loop(5, random -> assertThat(random.nextInt(1)).isNegative()))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("with -Dseed=0");
    }
}
