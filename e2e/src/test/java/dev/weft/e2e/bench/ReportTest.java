package dev.weft.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final Metric LATENCY = Metric.lower("ADD p99", "ms");
    private static final Metric THROUGHPUT = Metric.higher("TCP stream", "Gbit/s");

    private static List<Row> rows() {
        Measurements measurements = new Measurements();
        for (double figure : new double[] {5, 1, 3}) {
            measurements.add(LATENCY, Measurements.WEFT, figure);
            measurements.add(LATENCY, "ptp", figure * 4);
        }
        measurements.add(THROUGHPUT, Measurements.WEFT, 20);
        measurements.add(THROUGHPUT, "by hand", 25);
        measurements.add(Metric.lower("of a peer only", "ms"), "ptp", 1);
        return measurements.rows();
    }

    @Test
    void rows_are_medians_with_the_peers_beside() {
        assertThat(rows()).hasSize(2);
        Row latency = rows().getFirst();
        assertThat(latency.weft()).isEqualTo(3);
        assertThat(latency.peers()).containsEntry("ptp", 12.0);
        assertThat(latency.runs()).isEqualTo(3);
        assertThat(latency.advantage("ptp")).isEqualTo(4);
        assertThat(rows().get(1).advantage("by hand")).isEqualTo(0.8);
    }

    @Test
    void an_even_number_of_runs_has_the_middle_as_median() {
        assertThat(Measurements.median(List.of(4.0, 1.0, 2.0, 10.0))).isEqualTo(3);
    }

    @Test
    void table_and_json_say_the_same(@TempDir Path folder) throws IOException {
        Report report = new Report("4 cores", rows());
        assertThat(report.table()).contains("ADD p99", "12.0 (4.00 x)", "25.0 (0.80 x)");
        Path file = folder.resolve("bench/cni.json");
        report.write(file);
        assertThat(Files.readString(file))
                .contains("\"machine\" : \"4 cores\"", "\"better\" : \"lower\"", "\"ptp\" : 12.0", "\"runs\" : 3");
    }
}
