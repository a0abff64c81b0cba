package dev.weft.e2e.upstream;

import dev.weft.e2e.process.Progress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Picks the ends of tests out of ginkgo's verbose output: a line such as {@code • [5.123 seconds]} or {@code •! [FAILED]
 * [5.123 seconds]}, and on the next one the test's name.
 */
final class SpecLines {
    private static final Pattern END =
            Pattern.compile("• \\[((?:FAILED|PANICKED|TIMEDOUT|INTERRUPTED|ABORTED)] \\[)?([0-9.]+) seconds].*");

    private final Progress progress;
    private String pending = "";
    private int ended;

    SpecLines(Progress progress) {
        this.progress = progress;
    }

    void accept(String line) {
        Matcher end = END.matcher(line);
        if (end.matches()) {
            pending = "%s in %s s".formatted(end.group(1) == null ? "passed" : "FAILED", end.group(2));
        } else if (!pending.isEmpty() && !line.isBlank()) {
            ended++;
            progress.step(ended + ". " + pending + ": " + line.strip());
            pending = "";
        }
    }
}
