package dev.weft.e2e.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SuiteTest {
    private static final Path OUTPUT = Path.of("output");

    @ParameterizedTest
    @EnumSource
    void everySuiteHasANameForTheCommandLineAndTests(Suite suite) {
        assertThat(suite.toString()).matches("[a-z]+(-[a-z]+)*");
        assertThat(suite.tests("", "", 1, OUTPUT)).isNotNull();
        assertThat(suite.nodes()).isPositive();
    }

    @Test
    void aFocusTakesThePlaceOfKubernetesSuitesAndNarrowsOthers() {
        assertThat(Suite.NETPOL.tests("Granular", "Slow", 2, OUTPUT))
                .isEqualTo(new UpstreamRun("Granular", "Slow", 2, OUTPUT));
        assertThat(Suite.CYCLONUS.tests("conflict", "", 1, OUTPUT))
                .isEqualTo(new CyclonusRun("conflict", CyclonusRun.USUALLY_LEFT_OUT, OUTPUT));
        assertThat(Suite.CYCLONUS_FULL.tests("", "", 1, OUTPUT)).isEqualTo(new CyclonusRun("", "", OUTPUT));
        assertThat(Suite.CLUSTER_NETWORK_POLICY.tests("CNPAdmin", "", 1, OUTPUT))
                .isEqualTo(new PolicyConformanceRun("CNPAdmin", "", OUTPUT));
    }
}
