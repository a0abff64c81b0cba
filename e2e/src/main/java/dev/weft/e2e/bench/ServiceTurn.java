package dev.weft.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.process.CommandFailedException;
import dev.weft.e2e.process.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One proxy's turn with one number of Services: started, measured, stopped. What fails of it is counted. */
final class ServiceTurn {
    private static final int CHANGES_PER_SECOND = 10;
    private static final int STREAMS = 5;
    /** Many short tries: what else a machine does comes and goes within a second. */
    private static final int TRIES = 20;

    private static final String TRY_SECONDS = "0.4";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Three times what a full sync of kube-proxy takes for each Service where it is slowest, at 30,000. */
    private static final Duration PATIENCE_FOR_SERVICE = Duration.ofMillis(20);

    private final ServiceBed bed;
    private final ProcessFigures figures;
    private final ServiceProxy proxy;
    private final ServiceCount count;
    private final int seconds;
    private final Measurements measurements;
    private final Progress progress;
    private int failed;

    /**
     * @param seconds of changes
     */
    ServiceTurn(
            ServiceBed bed,
            Node node,
            ServiceProxy proxy,
            ServiceCount count,
            int seconds,
            Measurements measurements,
            Progress progress) {
        this.bed = bed;
        this.figures = new ProcessFigures(node);
        this.proxy = proxy;
        this.count = count;
        this.seconds = seconds;
        this.measurements = measurements;
        this.progress = progress;
    }

    void take() {
        try {
            if (step("cold start", this::coldStart)) {
                step("all Services", this::sweep);
                step("changes", this::changes);
                // By now the proxy is at rest: what its start still costs is not the packets' affair.
                step("connections", this::connections);
                step("one stream", this::stream);
            }
        } finally {
            step("the end of changes", this::undo);
            add(Metric.lower("steps that failed, " + count, ""), failed);
            proxy.stop();
        }
    }

    /** Whether it worked. */
    private boolean step(String what, Runnable measured) {
        try {
            measured.run();
            return true;
        } catch (CommandFailedException | LabException e) {
            failed++;
            progress.step("  %s: %s failed: %s".formatted(proxy.name(), what, e.getMessage()));
            return false;
        }
    }

    private void coldStart() {
        bed.forgetConnections();
        proxy.start();
        Duration patience = PATIENCE.plus(PATIENCE_FOR_SERVICE.multipliedBy(count.services()));
        long done = bed.services("await", count, "--patience", patience.toSeconds() + "s")
                .path("doneUnixMillis")
                .asLong();
        bed.forgetConnections();
        long pid = proxy.pid();
        add(Metric.lower("cold start, " + count, "s"), (done - figures.startUnixMillis(pid)) / 1000.0);
    }

    private void sweep() {
        JsonNode sweep = bed.services("sweep", count);
        add(
                Metric.lower("Services that do not answer, " + count, ""),
                sweep.path("wrong").asDouble());
        if (sweep.path("wrong").asInt() > 0) {
            progress.step("  " + sweep);
        }
        add(Metric.lower("RSS after it, " + count, "MB"), figures.residentMegabytes(proxy.pid()));
        add(Metric.lower("of the start: the full sync, " + count, "s"), bed.fullSyncSeconds());
    }

    /**
     * Several short tries, each beside one straight to an endpoint, since what else the machine does comes and goes; the
     * report has their median.
     */
    private void connections() {
        double lost = 0;
        for (int i = 0; i < TRIES; i++) {
            JsonNode one = bed.run(List.of("connect", "--to", last(), "--seconds", TRY_SECONDS));
            add(
                    Metric.lower("connect p50, last of " + count, "us"),
                    one.path("connect").path("p50Micros").asDouble());
            add(
                    Metric.lower("connect p99, last of " + count, "us"),
                    one.path("connect").path("p99Micros").asDouble());
            // In turn before and after it, as neither a first nor a second try is like the other.
            double straightBefore = i % 2 == 0 ? 0 : straight();
            JsonNode many = connectMany(last());
            double straight = i % 2 == 0 ? straight() : straightBefore;
            double perSecond = many.path("perSecond").asDouble();
            add(Metric.higher("connections, last of " + count, "1/s"), perSecond);
            add(Metric.higher("connections, of those straight, " + count, "%"), 100 * perSecond / straight);
            lost += one.path("failed").asDouble() + many.path("failed").asDouble();
        }
        add(Metric.lower("connections that failed, last of " + count, ""), lost);
    }

    private double straight() {
        return connectMany(ServiceBed.STRAIGHT).path("perSecond").asDouble();
    }

    private JsonNode connectMany(String to) {
        return bed.run(List.of("connect", "--to", to, "--seconds", TRY_SECONDS, "--parallel", "8"));
    }

    private void stream() {
        for (int i = 0; i < STREAMS; i++) {
            double through = gbitPerSecond(last());
            add(Metric.higher("one TCP stream, last of " + count, "Gbit/s"), through);
            add(
                    Metric.higher("one TCP stream, of one straight, " + count, "%"),
                    100 * through / gbitPerSecond(ServiceBed.STRAIGHT));
        }
    }

    private double gbitPerSecond(String to) {
        return bed.run(List.of("stream", "--to", to, "--seconds", "1"))
                .path("gbitPerSecond")
                .asDouble();
    }

    private void changes() {
        long pid = proxy.pid();
        double before = figures.cpuSeconds(pid);
        JsonNode churn = bed.services(
                "churn", count, "--rate", String.valueOf(CHANGES_PER_SECOND), "--seconds", String.valueOf(seconds));
        double used = figures.cpuSeconds(pid) - before;
        JsonNode programming = churn.path("programming");
        add(
                Metric.lower("programming p50, " + count, "ms"),
                programming.path("p50Micros").asDouble() / 1000);
        add(
                Metric.lower("programming p99, " + count, "ms"),
                programming.path("p99Micros").asDouble() / 1000);
        add(
                Metric.lower("changes not seen in a minute, " + count, ""),
                churn.path("late").asDouble());
        add(
                Metric.lower("CPU of 1000 changes, " + count, "s"),
                used * 1000 / churn.path("changes").asInt());
        add(Metric.lower("RSS after changes, " + count, "MB"), figures.residentMegabytes(pid));
    }

    /** Gives the Services back the endpoints that they had; what was not changed is written as it is. */
    private void undo() {
        bed.services("churn", count, "--undo", String.valueOf(CHANGES_PER_SECOND * seconds));
    }

    private String last() {
        return count.lastAddress() + ":80";
    }

    private void add(Metric metric, double figure) {
        measurements.add(metric, proxy.name(), figure);
        progress.step(
                String.format(Locale.ROOT, "  %s: %s: %.2f %s", proxy.name(), metric.name(), figure, metric.unit())
                        .stripTrailing());
    }
}
