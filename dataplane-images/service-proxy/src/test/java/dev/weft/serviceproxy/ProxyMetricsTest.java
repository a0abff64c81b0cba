package dev.weft.serviceproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.agent.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProxyMetricsTest {
    /** kubernetes 1.37, pkg/proxy/metrics/metrics.go: what RegisterMetrics registers in nftables mode. */
    private static final List<String> KUBE_PROXYS = List.of(
            "network_programming_duration_seconds",
            "sync_proxy_rules_duration_seconds",
            "sync_full_proxy_rules_duration_seconds",
            "sync_partial_proxy_rules_duration_seconds",
            "sync_proxy_rules_last_queued_timestamp_seconds",
            "sync_proxy_rules_last_timestamp_seconds",
            "sync_proxy_rules_endpoint_changes_pending",
            "sync_proxy_rules_endpoint_changes_total",
            "sync_proxy_rules_service_changes_pending",
            "sync_proxy_rules_service_changes_total",
            "sync_proxy_rules_no_local_endpoints_total",
            "sync_proxy_rules_nftables_sync_failures_total",
            "sync_proxy_rules_nftables_cleanup_failures_total",
            "conntrack_reconciler_sync_duration_seconds",
            "conntrack_reconciler_deleted_entries_total",
            "proxy_healthz_total",
            "proxy_livez_total");

    @Test
    void has_kube_proxys_names() {
        Metrics metrics = new Metrics();
        ProxyMetrics proxy = new ProxyMetrics(metrics, new Pending());
        proxy.synced(Duration.ofMillis(3), true, Instant.ofEpochSecond(1));
        proxy.noLocalEndpoints(1, 2);
        proxy.healthz(200);
        proxy.livez(503);
        proxy.conntrack("IPv4", Duration.ofMillis(1), 1);

        String text = metrics.text();
        assertThat(text.lines()
                        .filter(line -> line.startsWith("# TYPE kubeproxy_"))
                        .map(line -> line.split(" ")[2])
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(
                        KUBE_PROXYS.stream().map(name -> "kubeproxy_" + name).toList());
        assertThat(text)
                .contains(
                        "kubeproxy_sync_proxy_rules_no_local_endpoints_total{traffic_policy=\"internal\"} 1",
                        "kubeproxy_sync_proxy_rules_no_local_endpoints_total{traffic_policy=\"external\"} 2",
                        "kubeproxy_proxy_healthz_total{code=\"200\"} 1",
                        "kubeproxy_proxy_livez_total{code=\"503\"} 1",
                        "kubeproxy_conntrack_reconciler_deleted_entries_total{ip_family=\"IPv4\"} 1");
    }
}
