package dev.weft.e2e.bench;

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
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The result of a benchmark.
 *
 * @param machine cores, memory and kernel, for people
 */
record Report(String machine, List<Row> rows) {
    private static final String COLUMN = "%24s";

    Report {
        rows = List.copyOf(rows);
    }

    /** Lines of text: one a metric, a column for Weft and one for each peer, with how many times better Weft is. */
    String table() {
        TreeSet<String> peers = new TreeSet<>();
        rows.forEach(row -> peers.addAll(row.peers().keySet()));
        StringBuilder text = new StringBuilder(machine).append('\n');
        text.append("%-42s%-9s".formatted("metric (median)", "unit")).append("%12s".formatted("weft"));
        peers.forEach(peer -> text.append(COLUMN.formatted(peer)));
        text.append("  runs\n");
        for (Row row : rows) {
            text.append("%-42s%-9s".formatted(row.metric().name(), row.metric().unit()));
            text.append("%12s".formatted(figure(row.weft())));
            for (String peer : peers) {
                Double other = row.peers().get(peer);
                text.append(COLUMN.formatted(other == null ? "-" : figure(other) + times(row.advantage(peer))));
            }
            text.append("%6d%n".formatted(row.runs()));
        }
        text.append("(n x): how many times better Weft is than this peer\n");
        return text.toString();
    }

    /** Writes the report as JSON; the file's folder is made. */
    void write(Path file) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("machine", machine);
        document.put("rows", rows.stream().map(Report::json).toList());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), document);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static Map<String, Object> json(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("metric", row.metric().name());
        json.put("unit", row.metric().unit());
        json.put("better", row.metric().better().name().toLowerCase(Locale.ROOT));
        json.put("weft", row.weft());
        json.put("peers", new TreeMap<>(row.peers()));
        json.put("runs", row.runs());
        return json;
    }

    private static String times(double advantage) {
        return Double.isFinite(advantage) ? String.format(Locale.ROOT, " (%.2f x)", advantage) : "";
    }

    private static String figure(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
