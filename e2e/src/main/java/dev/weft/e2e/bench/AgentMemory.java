package dev.weft.e2e.bench;

import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.weft.Weft;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resident memory of the node agent, as the kernel counts it, idle and with many pods. */
final class AgentMemory {
    private static final int PODS = 240;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** What the command line of the agent has and no other has. */
    private static final String AGENT = "@/app/weft-node";

    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern ANONYMOUS = Pattern.compile("RssAnon:\\s+(\\d+) kB");

    private final Node node;
    private final Weft weft;
    private final Netbench netbench;
    private final Measurements measurements;
    private final Progress progress;

    AgentMemory(Node node, Weft weft, Netbench netbench, Measurements measurements, Progress progress) {
        this.node = node;
        this.weft = weft;
        this.netbench = netbench;
        this.measurements = measurements;
        this.progress = progress;
    }

    void idle() {
        measure("idle", Measurements.WEFT, AGENT);
    }

    /** Holds {@value #PODS} pods on the node meanwhile: what a /24 has room for beside the cluster's own. */
    void loaded() {
        progress.step("memory with " + PODS + " pods on the node");
        node.start(
                "netbench-hold",
                netbench.command(
                        "cni",
                        "--conflist",
                        "/etc/cni/net.d/10-weft.conflist",
                        "--count",
                        String.valueOf(PODS),
                        "--parallel",
                        "10",
                        "--hold",
                        "10s"));
        weft.await(
                PODS + " pods on " + node.name(),
                PATIENCE,
                () -> weft.agent(node.name()).pods() >= PODS);
        measure(PODS + " pods", Measurements.WEFT, AGENT);
        weft.await("their end", PATIENCE, () -> weft.agent(node.name()).pods() < PODS / 2);
    }

    /** Adds the memory of the one process of the node whose command line has the text. */
    void measure(String state, String who, String commandLine) {
        String status = node.exec("sh", "-c", "cat /proc/$(pgrep -o -f '" + commandLine + "')/status");
        measurements.add(Metric.lower("RSS of the agent, " + state, "MB"), who, megabytes(RSS, status));
        measurements.add(Metric.lower("of it anonymous, " + state, "MB"), who, megabytes(ANONYMOUS, status));
    }

    private static double megabytes(Pattern field, String status) {
        Matcher matcher = field.matcher(status);
        if (!matcher.find()) {
            throw new LabException("no " + field + " in: " + status);
        }
        return Long.parseLong(matcher.group(1)) * 1024 / 1e6;
    }
}
