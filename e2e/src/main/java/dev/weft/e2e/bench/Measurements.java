package dev.weft.e2e.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects figures of several runs; what is reported is the median of each. */
final class Measurements {
    /** The name under which Weft's own figures are added. */
    static final String WEFT = "weft";

    private final Map<Metric, Map<String, List<Double>>> figures = new LinkedHashMap<>();

    /** Adds one run's figure of {@link #WEFT} or a peer. */
    void add(Metric metric, String who, double figure) {
        figures.computeIfAbsent(metric, m -> new LinkedHashMap<>())
                .computeIfAbsent(who, w -> new ArrayList<>())
                .add(figure);
    }

    /**
     * One row a metric, in the order in which they were first added; metrics that Weft has no figure of are left out,
     * unless it has none at all.
     */
    List<Row> rows() {
        boolean withWeft = figures.values().stream().anyMatch(runs -> runs.containsKey(WEFT));
        return figures.entrySet().stream()
                .filter(e -> !withWeft || e.getValue().containsKey(WEFT))
                .map(e -> {
                    Map<String, Double> peers = new LinkedHashMap<>();
                    e.getValue().forEach((who, runs) -> {
                        if (!who.equals(WEFT)) {
                            peers.put(who, median(runs));
                        }
                    });
                    List<Double> weft = e.getValue().getOrDefault(WEFT, List.of());
                    return new Row(e.getKey(), median(weft), peers, weft.size());
                })
                .toList();
    }

    static double median(List<Double> figures) {
        if (figures.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = figures.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
