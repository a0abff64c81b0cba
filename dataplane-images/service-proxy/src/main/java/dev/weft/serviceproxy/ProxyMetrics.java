package dev.weft.serviceproxy;

import dev.weft.agent.Counter;
import dev.weft.agent.Gauge;
import dev.weft.agent.Histogram;
import dev.weft.agent.Labelled;
import dev.weft.agent.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Metrics under the names of kube-proxy ({@code pkg/proxy/metrics}), so that its dashboards and alerts go on working. */
final class ProxyMetrics {
    /** As kube-proxy has them: 1 ms doubled fourteen times. */
    private static final List<Double> SYNC =
            DoubleStream.iterate(0.001, bound -> bound * 2).limit(15).boxed().toList();

    private final Histogram programming;
    private final Histogram sync;
    private final Histogram fullSync;
    private final Histogram partialSync;
    private final Gauge lastSync;
    private final Gauge lastQueued;
    private final Counter failures;
    private final Labelled<Gauge> noLocalEndpoints;
    private final Labelled<Counter> healthz;
    private final Labelled<Counter> livez;
    private final Labelled<Histogram> conntrack;
    private final Labelled<Counter> conntrackDeleted;

    ProxyMetrics(Metrics metrics, Pending pending) {
        programming = metrics.histogram(
                "kubeproxy_network_programming_duration_seconds",
                "Time from the change of an endpoint to its being in the kernel.",
                programmingBounds());
        sync = metrics.histogram("kubeproxy_sync_proxy_rules_duration_seconds", "Time a sync took.", SYNC);
        fullSync =
                metrics.histogram("kubeproxy_sync_full_proxy_rules_duration_seconds", "Time a full sync took.", SYNC);
        partialSync = metrics.histogram(
                "kubeproxy_sync_partial_proxy_rules_duration_seconds", "Time a sync of changes took.", SYNC);
        lastSync = metrics.gauge(
                "kubeproxy_sync_proxy_rules_last_timestamp_seconds", "When the kernel was last brought up to date.");
        lastQueued = metrics.gauge(
                "kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds", "When a sync was last asked for.");
        failures = metrics.counter(
                "kubeproxy_sync_proxy_rules_nftables_sync_failures_total", "Syncs that the kernel refused.");
        metrics.counter(
                "kubeproxy_sync_proxy_rules_nftables_cleanup_failures_total",
                "Always 0: what is stale goes in the transaction that makes it so.",
                () -> 0);
        noLocalEndpoints = metrics.gauges(
                "kubeproxy_sync_proxy_rules_no_local_endpoints_total",
                "Service ports of policy Local without an endpoint on this node.",
                "traffic_policy");
        healthz = metrics.counters("kubeproxy_proxy_healthz_total", "Answers of /healthz.", "code");
        livez = metrics.counters("kubeproxy_proxy_livez_total", "Answers of /livez.", "code");
        conntrack = metrics.histograms(
                "kubeproxy_conntrack_reconciler_sync_duration_seconds",
                "Time it took to find stale conntrack entries.",
                SYNC,
                "ip_family");
        conntrackDeleted = metrics.counters(
                "kubeproxy_conntrack_reconciler_deleted_entries_total",
                "Stale conntrack entries deleted.",
                "ip_family");
        metrics.gauge(
                "kubeproxy_sync_proxy_rules_endpoint_changes_pending",
                "EndpointSlices whose change is not in the kernel yet.",
                pending::pendingSlices);
        metrics.counter(
                "kubeproxy_sync_proxy_rules_endpoint_changes_total",
                "Changes of EndpointSlices.",
                pending::sliceChanges);
        metrics.gauge(
                "kubeproxy_sync_proxy_rules_service_changes_pending",
                "Services whose change is not in the kernel yet.",
                pending::pendingServices);
        metrics.counter(
                "kubeproxy_sync_proxy_rules_service_changes_total", "Changes of Services.", pending::serviceChanges);
        metrics.info("weft_service_proxy_info", "What serves Services.", Map.of("mode", "nftables"));
    }

    private static List<Double> programmingBounds() {
        List<Double> bounds = new ArrayList<>(List.of(0.25, 0.5));
        for (int seconds = 1; seconds < 60; seconds++) {
            bounds.add((double) seconds);
        }
        for (int seconds = 60; seconds < 120; seconds += 5) {
            bounds.add((double) seconds);
        }
        for (int seconds = 120; seconds <= 300; seconds += 30) {
            bounds.add((double) seconds);
        }
        return bounds;
    }

    void synced(Duration took, boolean full, Instant at) {
        sync.observe(took);
        (full ? fullSync : partialSync).observe(took);
        lastSync.set(at.toEpochMilli() / 1000.0);
    }

    void queued(Instant at) {
        lastQueued.set(at.toEpochMilli() / 1000.0);
    }

    void failed() {
        failures.inc();
    }

    void programmed(long changedAtMillis, Instant at) {
        if (changedAtMillis > 0) {
            programming.observe(Math.max(0, at.toEpochMilli() - changedAtMillis) / 1000.0);
        }
    }

    void noLocalEndpoints(int internal, int external) {
        noLocalEndpoints.of("internal").set(internal);
        noLocalEndpoints.of("external").set(external);
    }

    void healthz(int code) {
        healthz.of(Integer.toString(code)).inc();
    }

    void livez(int code) {
        livez.of(Integer.toString(code)).inc();
    }

    void conntrack(String family, Duration took, int deleted) {
        conntrack.of(family).observe(took);
        conntrackDeleted.of(family).add(deleted);
    }
}
