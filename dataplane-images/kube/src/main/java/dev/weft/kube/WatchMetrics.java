package dev.weft.kube;

import dev.weft.agent.Metrics;
import java.util.Map;
import java.util.function.Supplier;

/** Metrics of a process's watches, with the label {@code kind}. */
public final class WatchMetrics {
    private WatchMetrics() {}

    public static void register(Metrics metrics, Watcher<?> watcher) {
        register(metrics, watcher.kind(), watcher.store(), watcher::status);
    }

    public static void register(Metrics metrics, CustomWatcher<?> watcher) {
        register(metrics, watcher.kind(), watcher.store(), watcher::status);
    }

    private static void register(Metrics metrics, String name, Store<?> store, Supplier<WatchStatus> status) {
        Map<String, String> kind = Map.of("kind", name);
        metrics.gauge("weft_watch_objects", "Objects known.", kind, store::size);
        metrics.gauge("weft_watch_synced", "Whether all objects were read once.", kind, () -> store.isSynced() ? 1 : 0);
        metrics.gauge(
                "weft_watch_last_contact_timestamp_seconds",
                "When the API server last told something; 0 before the first time.",
                kind,
                () -> status.get()
                        .lastContact()
                        .map(at -> at.toEpochMilli() / 1e3)
                        .orElse(0.0));
        metrics.counter(
                "weft_watch_events_total",
                "Events read.",
                kind,
                () -> status.get().events());
        metrics.counter(
                "weft_watch_lists_total",
                "Complete lists read.",
                kind,
                () -> status.get().lists());
        metrics.counter(
                "weft_watch_failures_total",
                "Lists and watches that broke.",
                kind,
                () -> status.get().failures());
    }
}
