package dev.weft.e2e.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.e2e.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpstreamResultTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void countsTestsThatRanAndFailuresOutsideOfTests() throws IOException {
        UpstreamResult result = UpstreamResult.read(report("""
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites><testsuite name="Kubernetes e2e suite">
                  <testcase name="[SynchronizedBeforeSuite]" status="passed"></testcase>
                  <testcase name="[It] a" status="passed"></testcase>
                  <testcase name="[It] b" status="failed"><failure message="no"></failure></testcase>
                  <testcase name="[It] c" status="skipped"><skipped message="skipped"></skipped></testcase>
                  <testcase name="[It] d" status="timedout"><error message="late"></error></testcase>
                  <testcase name="[SynchronizedAfterSuite]" status="failed"><failure message="no"></failure></testcase>
                </testsuite></testsuites>
                """));
        assertThat(result.failed()).containsExactly("[It] b", "[It] d", "[SynchronizedAfterSuite]");
        assertThat(result.line()).isEqualTo("1 passed, 3 failed");
    }

    @Test
    void refusesWhatIsNoReport() throws IOException {
        Path text = report("not xml");
        assertThatExceptionOfType(LabException.class)
                .isThrownBy(() -> UpstreamResult.read(text))
                .withMessageContaining(text.toString());
    }

    private Path report(String content) throws IOException {
        return Files.writeString(folder.resolve("junit.xml"), content);
    }
}
