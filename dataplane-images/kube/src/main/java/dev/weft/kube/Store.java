package dev.weft.kube;

import dev.weft.agent.Log;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The objects of one kind as the server last told them. Any thread may read; one {@link Watcher} writes.
 *
 * <p>A {@link Snapshot} is copied when it is asked for and kept until the next change, so that a burst of events costs
 * one copy, not one each.
 */
public final class Store<T> {
    private static final Log LOG = Log.of("kube");

    private final Map<ObjectKey, T> objects = new HashMap<>();
    private final List<Consumer<Change<T>>> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> syncedListeners = new CopyOnWriteArrayList<>();
    private @Nullable Snapshot<T> latest;
    private long version;
    private boolean synced;

    Store() {}

    public synchronized Snapshot<T> snapshot() {
        Snapshot<T> known = latest;
        if (known == null) {
            known = new Snapshot<>(synced, version, objects);
            latest = known;
        }
        return known;
    }

    public synchronized boolean isSynced() {
        return synced;
    }

    public synchronized int size() {
        return objects.size();
    }

    /**
     * Calls the listener for every change from now on, after the change, on the watcher's thread: it must be quick and
     * not block, such as {@code SyncLoop.trigger}. Updates that leave an equal value are no changes. Once the first
     * list is complete, the listener is called for each object of it; an empty first list calls nobody.
     */
    public void onChange(Consumer<Change<T>> listener) {
        listeners.add(listener);
    }

    /** Calls the listener once the first list is complete, also if it is empty, and at once if that has been. */
    public void onSynced(Runnable listener) {
        synchronized (this) {
            if (!synced) {
                syncedListeners.add(listener);
                return;
            }
        }
        listener.run();
    }

    /** The value to keep for a new one: the old one if they are equal, so that lists do not double the memory. */
    synchronized T reuse(ObjectKey key, T value) {
        T old = objects.get(key);
        return old != null && old.equals(value) ? old : value;
    }

    void put(ObjectKey key, T value) {
        T before;
        synchronized (this) {
            before = objects.get(key);
            if (value.equals(before)) {
                return;
            }
            objects.put(key, value);
            changed();
        }
        tell(new Change<>(key, Optional.ofNullable(before), Optional.of(value)));
    }

    void remove(ObjectKey key) {
        T before;
        synchronized (this) {
            before = objects.remove(key);
            if (before == null) {
                return;
            }
            changed();
        }
        tell(new Change<>(key, Optional.of(before), Optional.empty()));
    }

    /** Takes a complete list as the new state. */
    void replaceAll(Map<ObjectKey, T> now) {
        List<Change<T>> changes = new ArrayList<>();
        List<Runnable> waiting;
        synchronized (this) {
            objects.forEach((key, before) -> {
                if (!now.containsKey(key)) {
                    changes.add(new Change<>(key, Optional.of(before), Optional.empty()));
                }
            });
            now.forEach((key, after) -> {
                T before = objects.get(key);
                if (!after.equals(before)) {
                    changes.add(new Change<>(key, Optional.ofNullable(before), Optional.of(after)));
                }
            });
            if (synced && changes.isEmpty()) {
                return;
            }
            objects.clear();
            objects.putAll(now);
            synced = true;
            waiting = List.copyOf(syncedListeners);
            syncedListeners.clear();
            changed();
        }
        changes.forEach(this::tell);
        waiting.forEach(this::run);
    }

    private void changed() {
        version++;
        latest = null;
    }

    private void run(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.error("a listener failed; the watch goes on", e);
        }
    }

    private void tell(Change<T> change) {
        for (Consumer<Change<T>> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                LOG.error("a listener failed; the watch goes on", e, "object", change.key());
            }
        }
    }
}
