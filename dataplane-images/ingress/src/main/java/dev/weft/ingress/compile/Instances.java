package dev.weft.ingress.compile;

import java.util.List;

/** Compares what is kept from one cluster to the next: what did not change stays the same instance. */
public final class Instances {
    private Instances() {}

    /** Whether two lists have the same instances in the same order. */
    @SuppressWarnings("ReferenceEquality")
    public static <T> boolean areSame(List<T> one, List<T> other) {
        if (one == other) {
            return true;
        }
        if (one.size() != other.size()) {
            return false;
        }
        for (int i = 0; i < one.size(); i++) {
            if (one.get(i) != other.get(i)) {
                return false;
            }
        }
        return true;
    }
}
