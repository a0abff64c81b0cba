package dev.weft.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.bench.IngressBed.Running;
import dev.weft.e2e.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** How long it takes a proxy to carry out a change of one route, and what requests for another one notice of it. */
final class IngressChanges {
    private static final double PER_SECOND = 500;

    private final WebLoad load;
    private final Path work;
    private final Measurements measurements;

    /** @param work takes files */
    IngressChanges(WebLoad load, Path work, Measurements measurements) {
        this.load = load;
        this.work = work;
        this.measurements = measurements;
    }

    /**
     * @param count of changes, one after the other
     * @return what is to be told, for people
     */
    String measure(Running proxy, int routes, int count) throws IOException {
        Path log = work.resolve(proxy.name() + "-beside.json");
        Files.deleteIfExists(log);
        Process beside = load.steadyUntilStopped(proxy.door(), PER_SECOND, log);
        JsonNode result;
        try {
            result = load.changes(
                    proxy.door(),
                    proxy.proxy().change(proxy.folder(), proxy.process().pid()),
                    count);
        } finally {
            beside.destroy();
            await(beside);
        }
        JsonNode requests = Netbench.json(Files.readString(log));
        String when = " a route of " + routes + " changes";
        String who = proxy.name();
        measurements.add(Metric.lower("p50 until" + when, "ms"), who, millis(result, "first", "p50Micros"));
        measurements.add(Metric.lower("p99 until" + when, "ms"), who, millis(result, "first", "p99Micros"));
        measurements.add(Metric.lower("p99 last old answer," + when, "ms"), who, millis(result, "last", "p99Micros"));
        measurements.add(Metric.lower("p99 of others while" + when, "ms"), who, millis(requests, "took", "p99Micros"));
        measurements.add(Metric.lower("failed requests while" + when, ""), who, (double) WebLoad.failed(requests));
        measurements.add(
                Metric.lower("failed changes," + when, ""),
                who,
                result.path("failed").asDouble());
        return "  %-8s changes: %s, beside them: %s".formatted(who, result, requests);
    }

    private static double millis(JsonNode result, String what, String quantile) {
        return result.path(what).path(quantile).asDouble() / 1000;
    }

    private static void await(Process process) {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new LabException("netbench web does not end");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
