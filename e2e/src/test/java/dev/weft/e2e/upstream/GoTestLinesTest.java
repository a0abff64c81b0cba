package dev.weft.e2e.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoTestLinesTest {
    private final List<String> told = new ArrayList<>();
    private final GoTestLines tests = new GoTestLines(told::add, 1);

    @Test
    void theInnermostTestsCount() {
        read("""
                === RUN   TestAll
                    suite.go:160: Test Setup: Applying base manifests
                === RUN   TestAll/Egress
                === RUN   TestAll/Egress/Should_allow
                === RUN   TestAll/Egress/Should_deny
                    helper.go:99: FAILED Command was [/agnhost connect]
                === RUN   TestAll/Ingress
                === RUN   TestAll/Nodes
                    suite.go:210: Skipping Nodes: suite does not support NodePeers
                --- FAIL: TestAll (12.34s)
                    --- FAIL: TestAll/Egress (3.21s)
                        --- PASS: TestAll/Egress/Should_allow (0.10s)
                        --- FAIL: TestAll/Egress/Should_deny (3.11s)
                    --- PASS: TestAll/Ingress (1.00s)
                    --- SKIP: TestAll/Nodes (0.00s)
                FAIL
                """);
        UpstreamResult result = tests.result();
        assertThat(result.passed()).containsExactly("TestAll/Egress/Should_allow", "TestAll/Ingress");
        assertThat(result.failed()).containsExactly("TestAll/Egress/Should_deny");
        assertThat(result.gaveUp())
                .isEqualTo(Map.of("TestAll/Nodes", "Skipping Nodes: suite does not support NodePeers"));
        assertThat(told)
                .containsExactly(
                        "running TestAll",
                        "running TestAll/Egress",
                        "running TestAll/Ingress",
                        "running TestAll/Nodes");
    }

    @Test
    void aTestThatFailsOutsideOfThoseInItCounts() {
        read("""
                === RUN   TestAll
                === RUN   TestAll/Egress
                === RUN   TestAll/Egress/Should_allow
                --- FAIL: TestAll (12.34s)
                    --- FAIL: TestAll/Egress (3.21s)
                        --- PASS: TestAll/Egress/Should_allow (0.10s)
                """);
        assertThat(tests.result().passed()).containsExactly("TestAll/Egress/Should_allow");
        assertThat(tests.result().failed()).containsExactly("TestAll/Egress");
    }

    @Test
    void testsThatWereRunningWhenTheProgramDiedHaveFailed() {
        read("""
                === RUN   TestAll
                === RUN   TestAll/Egress
                panic: no route to host
                """);
        assertThat(tests.result().passed()).isEmpty();
        assertThat(tests.result().failed()).containsExactly("TestAll/Egress: did not come to an end");
    }

    private void read(String output) {
        output.lines().forEach(tests::accept);
    }
}
