package dev.weft.e2e.bench;

/**
 * Something that is measured.
 *
 * @param name for people, for example {@code ADD p99, 30 at once}
 * @param unit of the figure, for example {@code ms}
 * @param better {@code lower} or {@code higher}
 */
record Metric(String name, String unit, Better better) {
    enum Better {
        LOWER,
        HIGHER
    }

    static Metric lower(String name, String unit) {
        return new Metric(name, unit, Better.LOWER);
    }

    static Metric higher(String name, String unit) {
        return new Metric(name, unit, Better.HIGHER);
    }
}
