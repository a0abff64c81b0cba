package dev.weft.networkpolicy;

import dev.weft.kube.Change;
import dev.weft.kube.ObjectKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The latest change of each object of a kind. One thread at a time. */
final class Latest<T> {
    private Map<ObjectKey, Optional<T>> changed = new HashMap<>();

    void add(Change<T> change) {
        changed.put(change.key(), change.after());
    }

    /** What was there before the changes; a change that was told already counts more. */
    void known(Map<ObjectKey, T> before) {
        before.forEach((key, value) -> changed.putIfAbsent(key, Optional.of(value)));
    }

    Map<ObjectKey, Optional<T>> take() {
        Map<ObjectKey, Optional<T>> taken = changed;
        changed = new HashMap<>();
        return taken;
    }
}
