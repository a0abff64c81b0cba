package dev.weft.agent;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;

/** How observed values spread over fixed buckets. */
public final class Histogram {
    /** Seconds, from a system call to a slow start: 0.5 ms to 10 s. */
    public static final List<Double> SECONDS =
            List.of(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

    private final double[] bounds;
    private final AtomicLongArray counts;
    private final DoubleAdder sum = new DoubleAdder();

    Histogram(List<Double> bounds) {
        this.bounds = bounds.stream().mapToDouble(Double::doubleValue).toArray();
        for (int i = 1; i < this.bounds.length; i++) {
            if (!(this.bounds[i - 1] < this.bounds[i])) {
                throw new IllegalArgumentException("bounds " + bounds + " do not rise");
            }
        }
        this.counts = new AtomicLongArray(this.bounds.length + 1);
    }

    /**
     * What was counted elsewhere, as it is now.
     *
     * @param counts one a bound, and one for what is above all
     */
    public static Histogram counted(List<Double> bounds, long[] counts, double sum) {
        Histogram histogram = new Histogram(bounds);
        if (counts.length != histogram.buckets()) {
            throw new IllegalArgumentException(counts.length + " counts for bounds " + bounds);
        }
        for (int i = 0; i < counts.length; i++) {
            histogram.counts.set(i, counts[i]);
        }
        histogram.sum.add(sum);
        return histogram;
    }

    public void observe(double value) {
        int bucket = 0;
        // Written so that NaN lands in the last bucket, +Inf.
        while (bucket < bounds.length && !(value <= bounds[bucket])) {
            bucket++;
        }
        counts.incrementAndGet(bucket);
        sum.add(value);
    }

    /** Observes a duration in seconds. */
    public void observe(Duration duration) {
        observe(duration.toNanos() / 1e9);
    }

    int buckets() {
        return counts.length();
    }

    /** Upper bound of a bucket, the bound itself included. */
    double bound(int bucket) {
        return bucket < bounds.length ? bounds[bucket] : Double.POSITIVE_INFINITY;
    }

    long count(int bucket) {
        return counts.get(bucket);
    }

    double sum() {
        return sum.sum();
    }
}
