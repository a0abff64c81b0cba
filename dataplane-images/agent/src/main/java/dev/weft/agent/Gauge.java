package dev.weft.agent;

/** A number that goes up and down. */
public final class Gauge {
    private volatile double value;

    Gauge() {}

    public void set(double now) {
        value = now;
    }

    public double value() {
        return value;
    }
}
