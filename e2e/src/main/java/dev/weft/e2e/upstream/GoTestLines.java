package dev.weft.e2e.upstream;

import dev.weft.e2e.process.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Picks the tests and their ends out of what a Go test binary prints with {@code -test.v}: {@code === RUN} as each begins,
 * and, once the outermost has ended, {@code --- PASS}, {@code --- FAIL} or {@code --- SKIP} for all of them.
 *
 * <p>What counts are the innermost tests; one with others in it counts if it failed and none of them did.
 */
final class GoTestLines {
    private static final Pattern BEGIN = Pattern.compile("=== RUN +(\\S+)");
    private static final Pattern END = Pattern.compile(" *--- (PASS|FAIL|SKIP): (\\S+) \\([0-9.]+s\\)");
    private static final String SKIPPING = "Skipping ";

    private final Progress progress;
    private final int told;
    private final Map<String, Optional<Outcome>> tests = new LinkedHashMap<>();
    private final Map<String, String> skipped = new TreeMap<>();
    private String latest = "";

    private enum Outcome {
        PASS,
        FAIL,
        SKIP
    }

    /** @param told how deep in others a test may be that is told of as it begins, 0 for the outermost only */
    GoTestLines(Progress progress, int told) {
        this.progress = progress;
        this.told = told;
    }

    void accept(String line) {
        Matcher begin = BEGIN.matcher(line);
        Matcher end = END.matcher(line);
        if (begin.matches()) {
            latest = begin.group(1);
            tests.put(latest, Optional.empty());
            if (latest.chars().filter(c -> c == '/').count() <= told) {
                progress.step("running " + latest);
            }
        } else if (end.matches()) {
            tests.put(end.group(2), Optional.of(Outcome.valueOf(end.group(1))));
        } else if (line.contains(SKIPPING)) {
            skipped.put(latest, line.substring(line.indexOf(SKIPPING)).strip());
        }
    }

    /** What has been seen. A test that began and has not come to an end has failed. */
    UpstreamResult result() {
        List<String> passed = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        Map<String, String> gaveUp = new TreeMap<>();
        tests.forEach((name, outcome) -> {
            boolean innermost = inside(name).isEmpty();
            if (outcome.isEmpty()) {
                if (innermost) {
                    failed.add(name + ": did not come to an end");
                }
                return;
            }
            switch (outcome.get()) {
                case PASS -> {
                    if (innermost) {
                        passed.add(name);
                    }
                }
                case FAIL -> {
                    if (inside(name).stream().noneMatch(this::failed)) {
                        failed.add(name);
                    }
                }
                case SKIP -> gaveUp.put(name, skipped.getOrDefault(name, "skipped"));
            }
        });
        return new UpstreamResult(passed, failed, gaveUp, List.of());
    }

    private boolean failed(String name) {
        return tests.getOrDefault(name, Optional.empty())
                .map(outcome -> outcome == Outcome.FAIL)
                .orElse(true);
    }

    private List<String> inside(String name) {
        return tests.keySet().stream()
                .filter(other -> other.startsWith(name + "/"))
                .toList();
    }
}
