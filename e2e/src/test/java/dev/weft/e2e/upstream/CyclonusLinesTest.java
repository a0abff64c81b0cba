package dev.weft.e2e.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CyclonusLinesTest {
    private static final String LISTED = """
            testing 3 cases

            test #1: ingress: deny all
             - tags: deny-all, ingress, rule
            test #2:\s
             - tags: action, create-pod
            test #3: egress: allow all
             - tags: allow-all
            """;

    @Test
    void aCasePassesIfNoStepOfItHasAWrongConnection() {
        List<String> told = new ArrayList<>();
        CyclonusLines cases = new CyclonusLines(told::add);
        (LISTED + """
                starting test case #1
                time="2026-11-23T18:57:00Z" level=info msg="running kube probe on try 1"
                evaluating test case: ingress: deny all
                0 wrong, 0 ignored, 486 correct
                finished policy #1
                starting test case #2
                0 wrong, 0 ignored, 486 correct
                Discrepancy found:2 wrong, 4 ignored, 480 correct
                finished policy #2
                starting test case #3
                0 wrong, 0 ignored, 486 correct
                finished policy #3
                """).lines().forEach(cases::accept);
        UpstreamResult result = cases.result();
        assertThat(result.passed())
                .containsExactly("#1 ingress: deny all [deny-all, ingress, rule]", "#3 egress: allow all [allow-all]");
        assertThat(result.failed()).containsExactly("#2 [action, create-pod]: 2 of 968 connections wrong");
        assertThat(told)
                .containsExactly(
                        "passed, 0 of 486 connections wrong: #1 ingress: deny all [deny-all, ingress, rule]",
                        "FAILED, 2 of 968 connections wrong: #2 [action, create-pod]",
                        "passed, 0 of 486 connections wrong: #3 egress: allow all [allow-all]");
    }

    @Test
    void casesThatWereNotComeToHaveFailed() {
        CyclonusLines cases = new CyclonusLines(line -> {});
        (LISTED + """
                starting test case #1
                0 wrong, 0 ignored, 486 correct
                finished policy #1
                starting test case #2
                0 wrong, 0 ignored, 486 correct
                panic: the API server is gone
                """).lines().forEach(cases::accept);
        assertThat(cases.result().passed()).hasSize(1);
        assertThat(cases.result().failed())
                .containsExactly(
                        "#2 [action, create-pod]: did not come to an end",
                        "#3 egress: allow all [allow-all]: did not come to an end");
    }

    @Test
    void aCaseWithoutAnyConnectionHasNotPassed() {
        CyclonusLines cases = new CyclonusLines(line -> {});
        (LISTED + """
                starting test case #1
                finished policy #1
                """).lines().forEach(cases::accept);
        assertThat(cases.result().passed()).isEmpty();
        assertThat(cases.result().failed()).hasSize(3);
    }
}
