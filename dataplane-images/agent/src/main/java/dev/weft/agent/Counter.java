package dev.weft.agent;

import java.util.concurrent.atomic.LongAdder;

/** A number that only grows. */
public final class Counter {
    private final LongAdder value = new LongAdder();

    Counter() {}

    public void inc() {
        value.increment();
    }

    /** @param n 0 or more */
    public void add(long n) {
        if (n < 0) {
            throw new IllegalArgumentException("a counter does not go back by " + n);
        }
        value.add(n);
    }

    public long value() {
        return value.sum();
    }
}
