package dev.weft.agent;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The metrics of a process, in Prometheus text format. Names follow Prometheus: {@code weft_…}, base units, counters end
 * in {@code _total}.
 *
 * <p>Of our own because it runs on every node: the official client takes 3 MB more resident memory and eight jars for
 * the same page (see the README of this module).
 */
public final class Metrics {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    private interface Family {
        void write(String name, MetricsText text);
    }

    /** Values that are kept elsewhere, by their labels. */
    private record Sampled(String type, String help, Map<SortedMap<String, String>, DoubleSupplier> samples)
            implements Family {
        @Override
        public void write(String name, MetricsText text) {
            text.head(name, type, help);
            samples.entrySet().stream()
                    .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                    .forEach(entry -> text.sample(
                            name,
                            List.copyOf(entry.getKey().keySet()),
                            List.copyOf(entry.getKey().values()),
                            entry.getValue().getAsDouble()));
        }
    }

    /** Histograms that are kept elsewhere, by their labels. */
    private record SampledHistograms(String help, Map<SortedMap<String, String>, Supplier<Histogram>> samples)
            implements Family {
        @Override
        public void write(String name, MetricsText text) {
            text.head(name, "histogram", help);
            samples.entrySet().stream()
                    .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
                    .forEach(entry -> text.histogram(
                            name,
                            List.copyOf(entry.getKey().keySet()),
                            List.copyOf(entry.getKey().values()),
                            entry.getValue().get()));
        }
    }

    private final Map<String, Family> families = new TreeMap<>();

    /**
     * A counter without labels.
     *
     * @throws IllegalArgumentException if the name is taken or no metric name, here and below
     */
    public Counter counter(String name, String help) {
        return counters(name, help).of();
    }

    /** Counters with labels. */
    public Labelled<Counter> counters(String name, String help, String... labelNames) {
        Labelled<Counter> family = new Labelled<>(labels(labelNames), Counter::new);
        register(
                name,
                "counter",
                help,
                (n, text) -> family.forEach(
                        (values, counter) -> text.sample(n, family.labelNames(), values, (double) counter.value())));
        return family;
    }

    /** A counter that is kept elsewhere and read at each scrape. */
    public void counter(String name, String help, DoubleSupplier value) {
        counter(name, help, Map.of(), value);
    }

    /** One of several such counters of the same name, told apart by labels. */
    public void counter(String name, String help, Map<String, String> labels, DoubleSupplier value) {
        sampled(name, "counter", help, labels, value);
    }

    /** A gauge without labels, 0 at first. */
    public Gauge gauge(String name, String help) {
        return gauges(name, help).of();
    }

    /** Gauges with labels. */
    public Labelled<Gauge> gauges(String name, String help, String... labelNames) {
        Labelled<Gauge> family = new Labelled<>(labels(labelNames), Gauge::new);
        register(
                name,
                "gauge",
                help,
                (n, text) ->
                        family.forEach((values, gauge) -> text.sample(n, family.labelNames(), values, gauge.value())));
        return family;
    }

    /** A gauge that is read at each scrape. */
    public void gauge(String name, String help, DoubleSupplier value) {
        gauge(name, help, Map.of(), value);
    }

    /** One of several such gauges of the same name, told apart by labels. */
    public void gauge(String name, String help, Map<String, String> labels, DoubleSupplier value) {
        sampled(name, "gauge", help, labels, value);
    }

    /** Constant text as labels of a gauge that is 1, such as a version. */
    public void info(String name, String help, Map<String, String> labels) {
        gauge(name, help, labels, () -> 1);
    }

    /**
     * A histogram without labels.
     *
     * @param bounds upper bounds of the buckets, rising, without infinity
     */
    public Histogram histogram(String name, String help, List<Double> bounds) {
        return histograms(name, help, bounds).of();
    }

    /** Histograms with labels. */
    public Labelled<Histogram> histograms(String name, String help, List<Double> bounds, String... labelNames) {
        Supplier<Histogram> factory = () -> new Histogram(bounds);
        Labelled<Histogram> family = new Labelled<>(labels(labelNames), factory);
        register(
                name,
                "histogram",
                help,
                (n, text) -> family.forEach(
                        (values, histogram) -> text.histogram(n, family.labelNames(), values, histogram)));
        return family;
    }

    /** One of several histograms of the same name that are kept elsewhere and read at each scrape. */
    public synchronized void histogram(
            String name, String help, Map<String, String> labels, Supplier<Histogram> value) {
        labels(labels.keySet().toArray(String[]::new));
        if (!(families.get(name) instanceof SampledHistograms)) {
            register(name, new SampledHistograms(help, new ConcurrentHashMap<>()));
        }
        if (families.get(name) instanceof SampledHistograms known) {
            known.samples().put(new TreeMap<>(labels), value);
        }
    }

    /** The page for {@code /metrics}, sorted by name. */
    public String text() {
        Map<String, Family> now;
        synchronized (this) {
            now = new TreeMap<>(families);
        }
        MetricsText text = new MetricsText();
        now.forEach((name, family) -> family.write(name, text));
        return text.toString();
    }

    private synchronized void sampled(
            String name, String type, String help, Map<String, String> labels, DoubleSupplier value) {
        labels(labels.keySet().toArray(String[]::new));
        if (families.get(name) instanceof Sampled known && known.type().equals(type)) {
            known.samples().put(new TreeMap<>(labels), value);
            return;
        }
        Sampled family = new Sampled(type, help, new ConcurrentHashMap<>());
        family.samples().put(new TreeMap<>(labels), value);
        register(name, family);
    }

    private void register(String name, String type, String help, Family samples) {
        register(name, (n, text) -> {
            text.head(n, type, help);
            samples.write(n, text);
        });
    }

    private synchronized void register(String name, Family family) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is not a metric name");
        }
        if (families.putIfAbsent(name, family) != null) {
            throw new IllegalArgumentException("metric " + name + " exists already");
        }
    }

    private static List<String> labels(String... names) {
        for (String name : names) {
            if (!LABEL.matcher(name).matches() || name.equals("le")) {
                throw new IllegalArgumentException("'" + name + "' is not a label name");
            }
        }
        return List.of(names);
    }
}
