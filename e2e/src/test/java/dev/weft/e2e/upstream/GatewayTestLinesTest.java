package dev.weft.e2e.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.process.Progress;
import dev.weft.e2e.upstream.GatewayTestLines.End;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GatewayTestLinesTest {
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final GatewayTestLines lines =
            new GatewayTestLines(Progress.printing(new PrintStream(told, true, StandardCharsets.UTF_8)));

    @Test
    void tests_are_what_is_right_below_the_suite() {
        """
        === RUN   TestConformance
        === RUN   TestConformance/HTTPRouteWeight
            tlog.go:40: 2026-01-01T00:00:00 something --- FAIL: TestConformance/Not/a/test (1.0s)
        --- FAIL: TestConformance (12.34s)
            --- PASS: TestConformance/HTTPRouteWeight (1.23s)
                --- PASS: TestConformance/HTTPRouteWeight/Requests_should_be_distributed (1.00s)
            --- SKIP: TestConformance/MeshBasic (0.00s)
            --- FAIL: TestConformance/TLSRouteSimple (2.00s)
                --- FAIL: TestConformance/TLSRouteSimple/a_step (1.00s)
                    --- FAIL: TestConformance/TLSRouteSimple/a_step/deeper (1.00s)
                --- PASS: TestConformance/TLSRouteSimple/another (1.00s)
        """.lines().forEach(lines::accept);
        assertThat(lines.ended(End.PASS)).containsExactly("HTTPRouteWeight");
        assertThat(lines.ended(End.SKIP)).containsExactly("MeshBasic");
        assertThat(lines.ended(End.FAIL)).containsExactly("TLSRouteSimple");
        assertThat(lines.failedSteps("TLSRouteSimple")).containsExactly("a_step", "a_step/deeper");
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("1. passed in 1.23 s: HTTPRouteWeight", "2. FAILED in 2.00 s: TLSRouteSimple")
                .doesNotContain("MeshBasic");
    }
}
