package dev.weft.kube;

import dev.weft.agent.Metrics;
import java.util.Map;

/** Metrics of a process's watches, with the label {@code kind}. */
public final class WatchMetrics {
    private WatchMetrics() {}

    public static void register(Metrics metrics, Watcher<?> watcher) {
        Map<String, String> kind = Map.of("kind", watcher.kind());
        metrics.gauge(
                "weft_watch_objects",
                "Objects known.",
                kind,
                () -> watcher.store().size());
        metrics.gauge(
                "weft_watch_synced",
                "Whether all objects were read once.",
                kind,
                () -> watcher.status().synced() ? 1 : 0);
        metrics.gauge(
                "weft_watch_last_contact_timestamp_seconds",
                "When the API server last told something; 0 before the first time.",
                kind,
                () -> watcher.status()
                        .lastContact()
                        .map(at -> at.toEpochMilli() / 1e3)
                        .orElse(0.0));
        metrics.counter(
                "weft_watch_events_total",
                "Events read.",
                kind,
                () -> watcher.status().events());
        metrics.counter(
                "weft_watch_lists_total",
                "Complete lists read.",
                kind,
                () -> watcher.status().lists());
        metrics.counter(
                "weft_watch_failures_total",
                "Lists and watches that broke.",
                kind,
                () -> watcher.status().failures());
    }
}
