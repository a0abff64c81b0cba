package dev.weft.e2e.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UpstreamRunTest {
    @Test
    void aTestsNameInAReportBecomesAPatternOfItsNameAlone() {
        String reported = "[It] [sig-network] Services should be rejected for evicted pods (no endpoints exist)"
                + " [LinuxOnly] [sig-network, Slow]";
        assertThat(UpstreamRun.pattern(reported))
                .isEqualTo("\\[sig-network\\] Services should be rejected for evicted pods \\(no endpoints exist\\)"
                        + " \\[LinuxOnly\\]$");
    }
}
