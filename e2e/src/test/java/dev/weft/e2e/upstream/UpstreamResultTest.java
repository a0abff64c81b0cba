package dev.weft.e2e.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.e2e.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpstreamResultTest {
    private static final String REPORT = """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites><testsuite name="Kubernetes e2e suite">
              <testcase name="[SynchronizedBeforeSuite]" status="passed"></testcase>
              <testcase name="[It] [sig-network] a" status="passed"></testcase>
              <testcase name="[It] [sig-network] b" status="failed"><failure message="no"></failure></testcase>
              <testcase name="[It] [sig-network] c" status="skipped"><skipped message="skipped"></skipped></testcase>
              <testcase name="[It] [sig-network] d" status="timedout"><error message="late"></error></testcase>
              <testcase name="[It] [sig-network] e" status="skipped"><skipped message="skipped - no ssh"></skipped></testcase>
              <testcase name="[It] [sig-node] f" status="skipped"><skipped message="skipped"></skipped></testcase>
              <testcase name="[SynchronizedAfterSuite]" status="failed"><failure message="no"></failure></testcase>
            </testsuite></testsuites>
            """;

    @TempDir
    Path folder = Path.of("");

    @Test
    void countsTestsThatRanAndThoseThatGaveUpAndFailuresOutsideOfTests() throws IOException {
        UpstreamResult result = read();
        assertThat(result.passed()).containsExactly("[It] [sig-network] a");
        assertThat(result.failed())
                .containsExactly("[It] [sig-network] b", "[It] [sig-network] d", "[SynchronizedAfterSuite]");
        assertThat(result.gaveUp()).isEqualTo(Map.of("[It] [sig-network] e", "no ssh"));
        assertThat(result.leftOut()).containsExactly("[It] [sig-network] c");
        assertThat(result.line(new KnownCauses(Map.of()))).isEqualTo("1 passed, 4 failed");
    }

    @Test
    void tellsKnownCausesApartFromFailures() throws IOException {
        UpstreamResult result = read();
        KnownCauses known = new KnownCauses(Map.of("sig-network] b", "no b here", "] e", "no ssh", "] c", "too slow"));
        assertThat(result.unexplained(known)).containsExactly("[It] [sig-network] d", "[SynchronizedAfterSuite]");
        assertThat(result.explained(known))
                .containsExactly(
                        "[It] [sig-network] b\n        no b here",
                        "[It] [sig-network] e: gave up: no ssh\n        no ssh",
                        "[It] [sig-network] c: left out\n        too slow");
        assertThat(result.passedAgainstExpectation(new KnownCauses(Map.of("] a", "cannot pass"))))
                .containsExactly("[It] [sig-network] a");
    }

    @Test
    void takesBackWhatPassedWhenItRanAgain() throws IOException {
        UpstreamResult again = new UpstreamResult(
                List.of("[It] [sig-network] b"), List.of("[It] [sig-network] d"), Map.of(), List.of());
        UpstreamResult result = read().afterwards(again);
        assertThat(result.passed()).containsExactly("[It] [sig-network] a", "[It] [sig-network] b");
        assertThat(result.failed()).containsExactly("[It] [sig-network] d", "[SynchronizedAfterSuite]");
    }

    @Test
    void refusesWhatIsNoReport() throws IOException {
        Path text = report("not xml");
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> UpstreamResult.read(text, Pattern.compile("")))
                .withMessageContaining(text.toString());
    }

    private UpstreamResult read() throws IOException {
        return UpstreamResult.read(report(REPORT), Pattern.compile("sig-network"));
    }

    private Path report(String content) throws IOException {
        return Files.writeString(folder.resolve("junit.xml"), content);
    }
}
