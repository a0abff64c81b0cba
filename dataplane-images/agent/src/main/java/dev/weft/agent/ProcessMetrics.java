package dev.weft.agent;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * What the kernel says of this process, under the names every Prometheus client uses. Read from {@code /proc}: the JDK's
 * management beans would cost megabytes to load.
 */
public final class ProcessMetrics {
    private static final Path PROC = Path.of("/proc/self");

    private ProcessMetrics() {}

    public static void register(Metrics metrics) {
        metrics.gauge("process_resident_memory_bytes", "Resident memory.", () -> status("VmRSS:") * 1024);
        metrics.gauge(
                "weft_process_anonymous_memory_bytes",
                "Resident memory that is this process's own, without mapped files.",
                () -> status("RssAnon:") * 1024);
        metrics.gauge("process_threads", "Threads.", () -> status("Threads:"));
        metrics.gauge("process_open_fds", "Open file descriptors.", ProcessMetrics::openFiles);
        metrics.counter(
                "process_cpu_seconds_total",
                "User and system CPU time.",
                () -> ProcessHandle.current()
                                .info()
                                .totalCpuDuration()
                                .orElse(Duration.ZERO)
                                .toNanos()
                        / 1e9);
        double started = ProcessHandle.current()
                        .info()
                        .startInstant()
                        .orElseGet(Instant::now)
                        .toEpochMilli()
                / 1e3;
        metrics.gauge("process_start_time_seconds", "Start of the process since the Unix epoch.", () -> started);
        Runtime runtime = Runtime.getRuntime();
        metrics.gauge(
                "jvm_memory_used_bytes", "Used heap.", () -> (double) (runtime.totalMemory() - runtime.freeMemory()));
        metrics.gauge(
                "jvm_memory_committed_bytes", "Heap taken from the kernel.", () -> (double) runtime.totalMemory());
        metrics.gauge("jvm_memory_max_bytes", "Bound of the heap.", () -> (double) runtime.maxMemory());
    }

    /** A number of {@code /proc/self/status} (proc_pid_status(5)), memory in kibibytes; NaN if it cannot be read. */
    static double status(String field) {
        try {
            for (String line : Files.readAllLines(PROC.resolve("status"))) {
                if (line.startsWith(field)) {
                    return Double.parseDouble(
                            line.substring(field.length()).replace("kB", "").strip());
                }
            }
            return Double.NaN;
        } catch (IOException | NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static double openFiles() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(PROC.resolve("fd"))) {
            int n = 0;
            for (Path file : files) {
                n += file.getNameCount() > 0 ? 1 : 0;
            }
            // Without the one that reads the directory.
            return n - 1;
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
