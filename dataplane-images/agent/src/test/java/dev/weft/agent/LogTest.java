package dev.weft.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void aLineIsReadable() {
        assertThat(LogLine.format(
                        Instant.parse("2026-01-01T12:00:00.007Z"),
                        LogLevel.INFO,
                        "routes",
                        "applied",
                        "added",
                        2,
                        "to",
                        "a b"))
                .isEqualTo("2026-01-01T12:00:00.007Z INFO  routes: applied added=2 to=\"a b\"");
        assertThat(LogLine.format(Instant.EPOCH, LogLevel.ERROR, "x", "y", "odd"))
                .isEqualTo("1970-01-01T00:00:00.000Z ERROR x: y odd=\"\"");
    }

    @Test
    void aLineStaysOneLine() {
        String line = LogLine.format(Instant.EPOCH, LogLevel.WARN, "x", "a\nb\u001b[1m", "k", "c\r\n\"d\\\"");
        assertThat(line).isEqualTo("1970-01-01T00:00:00.000Z WARN  x: a\\nb?[1m k=\"c\\r\\n\\\"d\\\\\\\"\"");
    }

    @Test
    void levelsFilter() {
        Log log = Log.of("x", LogLevel.WARN, out);
        log.debug("d");
        log.info("i");
        log.warn("w");
        log.error("e");
        assertThat(lines()).hasSize(2);
        assertThat(LogLevel.of(" Debug ")).isEqualTo(LogLevel.DEBUG);
        assertThat(LogLevel.of("loud")).isEqualTo(LogLevel.INFO);
    }

    @Test
    void aFailureShowsItsCausesAndAtErrorItsStack() {
        Log log = Log.of("x", LogLevel.INFO, out);
        IllegalStateException failure = new IllegalStateException("outer", new IOException("inner"));
        log.warn("went wrong", failure, "k", 1);
        assertThat(lines()).hasSize(1);
        assertThat(lines()[0]).endsWith(" k=1 cause=\"IllegalStateException: outer: IOException: inner\"");
        bytes.reset();
        log.error("went wrong", failure);
        assertThat(lines()).hasSizeGreaterThan(2);
    }

    @Test
    void aCycleOfCausesEnds() {
        IllegalStateException a = new IllegalStateException("a");
        IllegalStateException b = new IllegalStateException("b", a);
        a.initCause(b);
        assertThat(LogLine.chain(a)).isEqualTo("IllegalStateException: a: IllegalStateException: b");
    }

    @Test
    void theJdkLogsHere() {
        System.Logger logger = System.getLogger("some.library");
        assertThat(logger.isLoggable(System.Logger.Level.WARNING)).isTrue();
        assertThat(logger.isLoggable(System.Logger.Level.INFO)).isFalse();
        assertThat(System.LoggerFinder.getLoggerFinder()).isInstanceOf(WeftLoggerFinder.class);
        logger.log(System.Logger.Level.WARNING, "with {0}", "parameter");
        logger.log(System.Logger.Level.WARNING, "broken {", "parameter");
    }

    private String[] lines() {
        return bytes.toString(StandardCharsets.UTF_8).split("\n");
    }
}
