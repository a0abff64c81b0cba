package dev.weft.e2e.upstream;

import dev.weft.e2e.process.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Picks the cases and their ends out of what cyclonus prints. It lists all cases first; then, for each, there is a line of
 * counts for each of its steps, after the last try: {@code 0 wrong, 9 ignored, 315 correct}.
 */
final class CyclonusLines {
    private static final Pattern LISTED = Pattern.compile("test #(\\d+): ?(.*)");
    private static final Pattern TAGS = Pattern.compile(" - tags: (.*)");
    private static final Pattern STARTING = Pattern.compile("starting test case #(\\d+)");
    private static final Pattern STEP =
            Pattern.compile("(?:Discrepancy found:)?(\\d+) wrong, (\\d+) ignored, (\\d+) correct");
    private static final Pattern FINISHED = Pattern.compile("finished policy #(\\d+)");

    private final Map<Pattern, Consumer<Matcher>> readers = Map.of(
            LISTED,
            this::listed,
            TAGS,
            this::tagged,
            STARTING,
            this::begun,
            STEP,
            this::stepped,
            FINISHED,
            this::finished);
    private final Progress progress;
    private final Map<Integer, String> names = new TreeMap<>();
    private final List<String> passed = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private int listed;
    private int steps;
    private int wrong;
    private int connections;

    CyclonusLines(Progress progress) {
        this.progress = progress;
    }

    void accept(String line) {
        readers.forEach((pattern, reader) -> {
            Matcher match = pattern.matcher(line);
            if (match.matches()) {
                reader.accept(match);
            }
        });
    }

    private void listed(Matcher test) {
        listed = Integer.parseInt(test.group(1));
        names.put(listed, "#" + listed + " " + test.group(2));
    }

    private void tagged(Matcher tags) {
        // Many have no other name.
        names.computeIfPresent(listed, (number, name) -> name.strip() + " [" + tags.group(1) + "]");
    }

    private void begun(Matcher test) {
        steps = 0;
        wrong = 0;
        connections = 0;
    }

    private void stepped(Matcher counts) {
        steps++;
        wrong += Integer.parseInt(counts.group(1));
        connections += Integer.parseInt(counts.group(1)) + Integer.parseInt(counts.group(3));
    }

    private void finished(Matcher test) {
        end(Integer.parseInt(test.group(1)));
    }

    private void end(int number) {
        String name = names.remove(number);
        String seen = "%d of %d connections wrong".formatted(wrong, connections);
        if (wrong == 0 && steps > 0) {
            passed.add(String.valueOf(name));
            progress.step("passed, " + seen + ": " + name);
        } else {
            failed.add(name + ": " + seen);
            progress.step("FAILED, " + seen + ": " + name);
        }
    }

    /** What has been seen. A case that was listed and has not come to an end has failed. */
    UpstreamResult result() {
        List<String> all = new ArrayList<>(failed);
        names.values().forEach(name -> all.add(name + ": did not come to an end"));
        return new UpstreamResult(passed, all, Map.of(), List.of());
    }
}
