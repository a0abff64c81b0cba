package dev.weft.e2e.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What all faults of a run showed, as a table for people and files for programs. */
public final class Summary {
    private final Map<String, Findings> faults = new LinkedHashMap<>();
    private final Path folder;

    /** @param folder takes one JSON file a name; it is made */
    public Summary(Path folder) {
        this.folder = folder;
    }

    void add(String title, Findings findings) {
        faults.put(title, findings);
    }

    boolean failed() {
        return faults.values().stream().anyMatch(f -> !f.failures().isEmpty());
    }

    String table() {
        StringBuilder text = new StringBuilder("\n");
        faults.keySet().forEach(title -> text.append(table(title)));
        long failed =
                faults.values().stream().filter(f -> !f.failures().isEmpty()).count();
        text.append("%d faults held, %d failed; figures are in %s%n".formatted(faults.size() - failed, failed, folder));
        return text.toString();
    }

    String table(String title) {
        Findings findings = Objects.requireNonNull(faults.get(title));
        StringBuilder text = new StringBuilder();
        text.append("== %s: %s%n"
                .formatted(
                        title,
                        findings.failures().isEmpty()
                                ? findings.held() + " claims hold"
                                : findings.failures().size() + " FAILED, " + findings.held() + " hold"));
        for (Findings.Figure figure : findings.figures()) {
            text.append("  %-72s%12s %s%n".formatted(figure.name(), number(figure.value()), figure.unit()));
        }
        for (Findings.Note note : findings.notes()) {
            text.append("  %s:%n    %s%n".formatted(note.name(), note.text()));
        }
        for (String failure : findings.failures()) {
            text.append("  FAILED ").append(failure).append('\n');
        }
        return text.toString();
    }

    /** Writes the figures of some faults as {@code <name>.json}. */
    void write(String name, List<String> titles) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put(
                "machine",
                Runtime.getRuntime().availableProcessors() + " cores, Linux " + System.getProperty("os.version"));
        document.put(
                "faults",
                titles.stream().filter(faults::containsKey).map(this::json).toList());
        try {
            Files.createDirectories(folder);
            new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValue(folder.resolve(name + ".json").toFile(), document);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the figures of " + name, e);
        }
    }

    private Map<String, Object> json(String title) {
        Findings findings = Objects.requireNonNull(faults.get(title));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("fault", title);
        json.put("held", findings.held());
        json.put("failures", findings.failures());
        json.put(
                "figures",
                findings.figures().stream()
                        .map(f -> Map.of("metric", f.name(), "unit", f.unit(), "value", f.value()))
                        .toList());
        json.put(
                "notes",
                findings.notes().stream()
                        .map(n -> Map.of("name", n.name(), "text", n.text()))
                        .toList());
        return json;
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.1f", value);
    }
}
