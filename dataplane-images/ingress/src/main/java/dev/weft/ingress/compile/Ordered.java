package dev.weft.ingress.compile;

import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Objects of a kind in an order, kept from one cluster to the next: what changed is put in its place, nothing is sorted anew.
 * Used by one thread.
 */
public final class Ordered<T> {
    private final Comparator<? super T> order;
    private final Function<? super T, ObjectKey> key;
    private Map<ObjectKey, T> before = Map.of();
    private List<T> list = List.of();

    /** @param order the same for two states of an object, or it is put in another place */
    public Ordered(Comparator<? super T> order, Function<? super T, ObjectKey> key) {
        this.order = order;
        this.key = key;
    }

    /** All of them; the same list for the same map. */
    @SuppressWarnings("ReferenceEquality") // a kind that did not change is the same instance
    public List<T> of(Map<ObjectKey, T> now) {
        if (now == before) {
            return list;
        }
        List<T> sorted = new ArrayList<>(now.size());
        for (T known : list) {
            T object = now.get(key.apply(known));
            if (object != null) {
                sorted.add(object);
            }
        }
        if (sorted.size() < now.size()) {
            now.forEach((name, object) -> {
                if (!before.containsKey(name)) {
                    sorted.add(object);
                }
            });
        }
        // Two runs that are sorted are but merged (TimSort).
        sorted.sort(order);
        before = now;
        list = List.copyOf(sorted);
        return list;
    }
}
