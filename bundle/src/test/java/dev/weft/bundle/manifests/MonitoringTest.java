package dev.weft.bundle.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each alert has its page. That the metrics exist is seen on a running cluster. */
class MonitoringTest {
    private static final Pattern ALERT = Pattern.compile("alert: (\\w+)");
    private static final Pattern RUNBOOK = Pattern.compile("runbook_url: docs/runbooks.md#(\\w+)");

    @Test
    void eachAlertHasItsRunbook() throws IOException {
        String rules = Files.readString(Path.of("src/main/monitoring/20-alerts.yaml"));
        List<String> alerts =
                ALERT.matcher(rules).results().map(found -> found.group(1)).toList();

        assertThat(alerts).isNotEmpty();
        assertThat(RUNBOOK.matcher(rules).results().map(found -> found.group(1)).toList())
                .isEqualTo(alerts.stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList());
        assertThat(Files.readString(Path.of("../docs/runbooks.md")).lines())
                .containsAll(alerts.stream().map(name -> "## " + name).toList());
    }
}
