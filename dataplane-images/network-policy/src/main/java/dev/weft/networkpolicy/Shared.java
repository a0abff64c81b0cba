package dev.weft.networkpolicy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Things in the kernel that several profiles refer to: made for the first, taken away after the last. */
final class Shared<T> {
    private final Map<T, Set<ProfileState>> users = new HashMap<>();
    private final Consumer<T> make;
    private final Consumer<T> remove;

    Shared(Consumer<T> make, Consumer<T> remove) {
        this.make = make;
        this.remove = remove;
    }

    /** Whether it was made for this. */
    boolean use(T thing, ProfileState by) {
        Set<ProfileState> known = users.get(thing);
        if (known != null) {
            known.add(by);
            return false;
        }
        make.accept(thing);
        users.put(thing, new HashSet<>(Set.of(by)));
        return true;
    }

    void release(T thing, ProfileState by) {
        Set<ProfileState> left = users.get(thing);
        if (left != null) {
            left.remove(by);
        }
    }

    /** Takes away what nobody uses any more. */
    void sweep() {
        users.entrySet().removeIf(used -> {
            if (used.getValue().isEmpty()) {
                remove.accept(used.getKey());
                return true;
            }
            return false;
        });
    }

    Set<T> all() {
        return users.keySet();
    }
}
