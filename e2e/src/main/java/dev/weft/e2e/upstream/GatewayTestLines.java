package dev.weft.e2e.upstream;

import dev.weft.e2e.process.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Picks the conformance tests out of Go's verbose output. They are the tests right below the suite's only one; what is below
 * them are their steps, of which those that failed are kept to be told.
 */
final class GatewayTestLines {
    /** How a test ended. */
    enum End {
        PASS,
        FAIL,
        SKIP
    }

    private static final Pattern END = Pattern.compile("\\s*--- (PASS|FAIL|SKIP): TestConformance/([^/ ]+)(/\\S+)? \\(([0-9.]+)s\\)");

    private final Progress progress;
    private final Map<String, End> ends = new LinkedHashMap<>();
    private final Map<String, List<String>> failedSteps = new LinkedHashMap<>();

    GatewayTestLines(Progress progress) {
        this.progress = progress;
    }

    void accept(String line) {
        Matcher end = END.matcher(line);
        if (!end.matches()) {
            return;
        }
        String test = end.group(2);
        End how = End.valueOf(end.group(1));
        if (end.group(3) != null) {
            if (how == End.FAIL) {
                failedSteps.computeIfAbsent(test, key -> new ArrayList<>()).add(end.group(3).substring(1));
            }
            return;
        }
        ends.put(test, how);
        if (how != End.SKIP) {
            progress.step("%d. %s in %s s: %s"
                    .formatted(
                            ends.values().stream().filter(each -> each != End.SKIP).count(),
                            how == End.PASS ? "passed" : "FAILED",
                            end.group(4),
                            test));
        }
    }

    /** Tests that ended so, in the order in which they did. */
    List<String> ended(End how) {
        return ends.entrySet().stream()
                .filter(entry -> entry.getValue() == how)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The steps of a test that failed. */
    List<String> failedSteps(String test) {
        return failedSteps.getOrDefault(test, List.of());
    }
}
