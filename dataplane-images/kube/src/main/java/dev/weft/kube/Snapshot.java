package dev.weft.kube;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * All objects of one kind at one moment; never changes.
 *
 * @param synced whether the server's objects were ever read in full; until then the snapshot says nothing about what
 *     does not exist
 * @param version grows with every change of the store it was taken from
 * @param objects the objects, in no order
 */
public record Snapshot<T>(boolean synced, long version, Map<ObjectKey, T> objects) {
    public Snapshot {
        objects = Map.copyOf(objects);
    }

    public static <T> Snapshot<T> empty() {
        return new Snapshot<>(false, 0, Map.of());
    }

    /** The object of this name, of a cluster-scoped kind. */
    public Optional<T> get(String name) {
        return get(ObjectKey.of(name));
    }

    public Optional<T> get(ObjectKey key) {
        return Optional.ofNullable(objects.get(key));
    }

    public Collection<T> values() {
        return objects.values();
    }
}
