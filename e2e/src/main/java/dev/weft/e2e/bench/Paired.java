package dev.weft.e2e.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Figures of two that were measured one right after the other, again and again. What else the machine does changes both of
 * a pair alike, so their ratio says more than the two medians do.
 */
final class Paired {
    /** Standard deviations to either side of the middle within which 95 of 100 fall. */
    private static final double DEVIATIONS = 1.96;

    private final List<Double> ratios = new ArrayList<>();

    /**
     * @param figure and {@code other}: above 0
     */
    void add(double figure, double other) {
        if (!(figure > 0) || !(other > 0)) {
            throw new IllegalArgumentException("cannot compare " + figure + " with " + other);
        }
        ratios.add(figure / other);
    }

    /** The median of the ratios. */
    double median() {
        return Measurements.median(ratios);
    }

    /** Below it the true median lies in 2.5 cases of 100, by the order statistics, whatever the distribution is. */
    double low() {
        return sorted((int) Math.floor(middle() - spread()));
    }

    /** Above it the true median lies in 2.5 cases of 100. */
    double high() {
        return sorted((int) Math.ceil(middle() + spread()));
    }

    private double middle() {
        return (ratios.size() - 1) / 2.0;
    }

    private double spread() {
        return DEVIATIONS * Math.sqrt(ratios.size()) / 2;
    }

    private double sorted(int rank) {
        if (ratios.isEmpty()) {
            return Double.NaN;
        }
        return ratios.stream()
                .sorted()
                .skip(Math.clamp(rank, 0, ratios.size() - 1))
                .findFirst()
                .orElseThrow();
    }
}
