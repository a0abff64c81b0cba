package dev.weft.agent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Metrics of one name that differ in the values of their labels.
 *
 * @param <M> {@link Counter}, {@link Gauge} or {@link Histogram}
 */
public final class Labelled<M> {
    /** A scrape and the memory stay bounded whatever a label is filled with. */
    private static final int MAX_SERIES = 1000;

    private final List<String> labelNames;
    private final Supplier<M> factory;
    private final Map<List<String>, M> series = new ConcurrentHashMap<>();

    Labelled(List<String> labelNames, Supplier<M> factory) {
        this.labelNames = labelNames;
        this.factory = factory;
    }

    /**
     * The metric with these label values, made when asked for first. From the 1000th on, all further ones share the
     * value {@code other} for every label.
     *
     * @param values as many as there are label names, in their order
     */
    public M of(String... values) {
        List<String> key = List.of(values);
        if (key.size() != labelNames.size()) {
            throw new IllegalArgumentException("label values " + key + " do not fit label names " + labelNames);
        }
        M known = series.get(key);
        if (known != null) {
            return known;
        }
        if (series.size() >= MAX_SERIES) {
            key = Collections.nCopies(labelNames.size(), "other");
        }
        return series.computeIfAbsent(key, k -> factory.get());
    }

    /** Forgets the metric with these label values, such as those of a node that is gone. */
    public void remove(String... values) {
        series.remove(List.of(values));
    }

    List<String> labelNames() {
        return labelNames;
    }

    /** Visits all series, sorted by label values. */
    void forEach(BiConsumer<List<String>, M> visitor) {
        List<List<String>> keys = new ArrayList<>(series.keySet());
        keys.sort((a, b) -> String.join("\u0000", a).compareTo(String.join("\u0000", b)));
        for (List<String> key : keys) {
            M metric = series.get(key);
            if (metric != null) {
                visitor.accept(key, metric);
            }
        }
    }
}
