package dev.weft.ingress;

import dev.weft.ingress.cluster.Kind;
import dev.weft.kube.KindSpec;
import dev.weft.kube.KubeClient;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Watcher;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Objects of a kind that are read by their names alone, such as Secrets: each has a watch of its own, from when it is first
 * referred to until it is not. Of others nothing is ever asked.
 */
final class NamedObjects<T> {
    private final KubeClient client;
    private final Kind<T> kind;
    private final Runnable changed;
    private final Map<ObjectKey, Watcher<T>> watchers = new HashMap<>();
    private final AtomicBoolean stale = new AtomicBoolean();
    private Map<ObjectKey, T> all = Map.of();
    /** Those of which {@link #all} tells, be it that they are not there. */
    private Set<ObjectKey> told = Set.of();

    /** @param changed called after each change, and when an object, or that there is none, is first known; any thread */
    NamedObjects(KubeClient client, Kind<T> kind, Runnable changed) {
        this.client = client;
        this.kind = kind;
        this.changed = () -> {
            stale.set(true);
            changed.run();
        };
    }

    /** These and no others, from now on. */
    void want(Set<ObjectKey> keys) {
        if (keys.equals(watchers.keySet())) {
            return;
        }
        stale.set(true);
        Set<ObjectKey> gone = new HashSet<>(watchers.keySet());
        gone.removeAll(keys);
        for (ObjectKey key : gone) {
            Watcher<T> watcher = watchers.remove(key);
            if (watcher != null) {
                end(watcher);
            }
        }
        for (ObjectKey key : keys) {
            if (!watchers.containsKey(key)) {
                watchers.put(key, start(key));
            }
        }
    }

    private static void end(Watcher<?> watcher) {
        // It waits for its thread, and nobody has to wait for that.
        Thread.ofVirtual().name("kube-end").start(watcher::close);
    }

    private Watcher<T> start(ObjectKey key) {
        KindSpec<T> spec = kind.spec();
        String collection = spec.path().replaceFirst("/(\\w+)$", "/namespaces/" + key.namespace() + "/$1");
        Watcher<T> watcher = Watcher.light(
                client, new KindSpec<>(spec.name(), collection, "", "metadata.name=" + key.name(), spec.decoder()));
        watcher.store().onChange(change -> changed.run());
        watcher.store().onSynced(changed);
        watcher.start();
        return watcher;
    }

    /** Those of which the last {@link #all()} did not know whether they are there. */
    Set<ObjectKey> unknown() {
        Set<ObjectKey> unknown = new HashSet<>(watchers.keySet());
        unknown.removeAll(told);
        return unknown;
    }

    /** Those that are there; the same map while they are the same. */
    Map<ObjectKey, T> all() {
        if (stale.getAndSet(false)) {
            Map<ObjectKey, T> now = new HashMap<>();
            Set<ObjectKey> known = new HashSet<>();
            watchers.forEach((key, watcher) -> {
                if (watcher.store().isSynced()) {
                    known.add(key);
                    watcher.store().snapshot().get(key).ifPresent(object -> now.put(key, object));
                }
            });
            told = known;
            all = now.equals(all) ? all : Map.copyOf(now);
        }
        return all;
    }

    void close() {
        watchers.values().forEach(NamedObjects::end);
        watchers.clear();
    }
}
