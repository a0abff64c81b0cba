package dev.weft.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void writesTheTextFormat() {
        metrics.counter("weft_repairs_total", "Things put back.").add(3);
        metrics.gauge("weft_pods", "Pods\nwith \\ an address.").set(2.5);
        metrics.gauge("weft_up", "Up.", () -> Double.NaN);
        metrics.info("weft_info", "Version.", Map.of("version", "0.1.0", "revision", "a\"b\\c\nd"));
        Labelled<Histogram> cni = metrics.histograms("weft_cni_seconds", "Time of a verb.", List.of(0.01, 1.0), "verb");
        cni.of("DEL").observe(5);
        cni.of("ADD").observe(Duration.ofMillis(10));
        cni.of("ADD").observe(0.5);
        assertThat(metrics.text()).isEqualTo("""
                # HELP weft_cni_seconds Time of a verb.
                # TYPE weft_cni_seconds histogram
                weft_cni_seconds_bucket{verb="ADD",le="0.01"} 1
                weft_cni_seconds_bucket{verb="ADD",le="1"} 2
                weft_cni_seconds_bucket{verb="ADD",le="+Inf"} 2
                weft_cni_seconds_sum{verb="ADD"} 0.51
                weft_cni_seconds_count{verb="ADD"} 2
                weft_cni_seconds_bucket{verb="DEL",le="0.01"} 0
                weft_cni_seconds_bucket{verb="DEL",le="1"} 0
                weft_cni_seconds_bucket{verb="DEL",le="+Inf"} 1
                weft_cni_seconds_sum{verb="DEL"} 5
                weft_cni_seconds_count{verb="DEL"} 1
                # HELP weft_info Version.
                # TYPE weft_info gauge
                weft_info{revision="a\\"b\\\\c\\nd",version="0.1.0"} 1
                # HELP weft_pods Pods\\nwith \\\\ an address.
                # TYPE weft_pods gauge
                weft_pods 2.5
                # HELP weft_repairs_total Things put back.
                # TYPE weft_repairs_total counter
                weft_repairs_total 3
                # HELP weft_up Up.
                # TYPE weft_up gauge
                weft_up NaN
                """);
    }

    @Test
    void valuesKeptElsewhereShareAName() {
        metrics.counter("weft_watch_events_total", "Events.", Map.of("kind", "Pod"), () -> 2);
        metrics.counter("weft_watch_events_total", "Events.", Map.of("kind", "Node"), () -> 1);
        assertThat(metrics.text()).isEqualTo("""
                # HELP weft_watch_events_total Events.
                # TYPE weft_watch_events_total counter
                weft_watch_events_total{kind="Node"} 1
                weft_watch_events_total{kind="Pod"} 2
                """);
        assertThatThrownBy(() -> metrics.gauge("weft_watch_events_total", "x", () -> 1))
                .hasMessageContaining("exists already");
    }

    @Test
    void numbers() {
        assertThat(MetricsText.number(0)).isEqualTo("0");
        assertThat(MetricsText.number(-7)).isEqualTo("-7");
        assertThat(MetricsText.number(1L << 53)).isEqualTo("9.007199254740992E15");
        assertThat(MetricsText.number(Double.POSITIVE_INFINITY)).isEqualTo("+Inf");
        assertThat(MetricsText.number(Double.NEGATIVE_INFINITY)).isEqualTo("-Inf");
        assertThat(MetricsText.number(0.0005)).isEqualTo("5.0E-4");
    }

    @Test
    void refusesWrongNames() {
        metrics.counter("a_total", "x");
        assertThatThrownBy(() -> metrics.gauge("a_total", "x")).hasMessageContaining("exists already");
        assertThatThrownBy(() -> metrics.gauge("a-b", "x")).hasMessageContaining("not a metric name");
        assertThatThrownBy(() -> metrics.gauges("b", "x", "le")).hasMessageContaining("not a label name");
        assertThatThrownBy(() -> metrics.histogram("c", "x", List.of(2.0, 1.0))).hasMessageContaining("do not rise");
        assertThatThrownBy(() -> metrics.counters("d", "x", "k").of()).hasMessageContaining("do not fit");
    }

    @Test
    void seriesAreBounded() {
        Labelled<Counter> counters = metrics.counters("a_total", "x", "k");
        for (int i = 0; i < 5000; i++) {
            counters.of("v" + i).inc();
        }
        assertThat(metrics.text().lines().count()).isEqualTo(2 + 1001);
        assertThat(metrics.text()).contains("a_total{k=\"other\"} 4000");
    }

    @Test
    void tellsOfTheProcess() {
        ProcessMetrics.register(metrics);
        String text = metrics.text();
        assertThat(text).doesNotContain("NaN");
        assertThat(ProcessMetrics.status("VmRSS:")).isGreaterThan(1000);
        assertThat(text).contains("\nprocess_resident_memory_bytes ").contains("\nprocess_cpu_seconds_total ");
    }

    @Test
    void histogramsThatAreKeptElsewhere() {
        metrics.histogram(
                "h", "x", Map.of("a", "1"), () -> Histogram.counted(List.of(1.0, 2.0), new long[] {3, 4, 5}, 9));
        assertThat(metrics.text())
                .contains("h_bucket{a=\"1\",le=\"1\"} 3\n", "h_bucket{a=\"1\",le=\"+Inf\"} 12\n", "h_sum{a=\"1\"} 9\n");
        assertThatThrownBy(() -> Histogram.counted(List.of(1.0), new long[1], 0))
                .hasMessageContaining("1 counts");
    }
}
