package dev.weft.agent;

import java.util.List;

/**
 * Writes the Prometheus text format, version 0.0.4. See <a
 * href="https://prometheus.io/docs/instrumenting/exposition_formats/">exposition formats</a>.
 */
final class MetricsText {
    private final StringBuilder out = new StringBuilder(4096);

    void head(String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ');
        escape(help, false);
        out.append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    void sample(String name, List<String> labelNames, List<String> labelValues, double value) {
        out.append(name);
        labels(labelNames, labelValues, "");
        out.append(' ').append(number(value)).append('\n');
    }

    void histogram(String name, List<String> labelNames, List<String> labelValues, Histogram histogram) {
        long total = 0;
        for (int bucket = 0; bucket < histogram.buckets(); bucket++) {
            total += histogram.count(bucket);
            out.append(name).append("_bucket");
            labels(labelNames, labelValues, number(histogram.bound(bucket)));
            out.append(' ').append(total).append('\n');
        }
        out.append(name).append("_sum");
        labels(labelNames, labelValues, "");
        out.append(' ').append(number(histogram.sum())).append('\n');
        out.append(name).append("_count");
        labels(labelNames, labelValues, "");
        // From the same reads as the buckets, so that a scrape amid observations is consistent.
        out.append(' ').append(total).append('\n');
    }

    private void labels(List<String> names, List<String> values, String le) {
        if (names.isEmpty() && le.isEmpty()) {
            return;
        }
        out.append('{');
        for (int i = 0; i < names.size(); i++) {
            out.append(i == 0 ? "" : ",").append(names.get(i)).append("=\"");
            escape(values.get(i), true);
            out.append('"');
        }
        if (!le.isEmpty()) {
            out.append(names.isEmpty() ? "" : ",").append("le=\"").append(le).append('"');
        }
        out.append('}');
    }

    private void escape(String text, boolean quotes) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '"' -> out.append(quotes ? "\\\"" : "\"");
                default -> out.append(c);
            }
        }
    }

    static String number(double value) {
        if (value == Double.POSITIVE_INFINITY) {
            return "+Inf";
        }
        if (value == Double.NEGATIVE_INFINITY) {
            return "-Inf";
        }
        // Whole numbers up to 2^53 without exponent or ".0", as people expect of counters.
        return value == Math.rint(value) && Math.abs(value) < 9e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
