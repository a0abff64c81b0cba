package dev.weft.e2e.bench;

import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.Wait;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.weft.Weft;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resident memory of a node agent, as the kernel counts it, idle and with many pods. */
final class AgentMemory {
    private static final int PODS = 240;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(500);

    private static final Pattern RSS = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final Pattern ANONYMOUS = Pattern.compile("RssAnon:\\s+(\\d+) kB");

    private final Node node;
    private final Agent agent;
    private final Netbench netbench;
    private final Measurements measurements;
    private final Progress progress;

    /**
     * Whose memory it is.
     *
     * @param who as in the table
     * @param commandLine what the agent's command line has and no other of the node
     * @param conflist the configuration that gives pods to it
     * @param plugins the folder of the plugins
     * @param pods how many the node has
     */
    record Agent(String who, String commandLine, String conflist, String plugins, IntSupplier pods) {
        static Agent weft(Node node, Weft weft) {
            return new Agent(
                    Measurements.WEFT,
                    "@/app/weft-node",
                    "/etc/cni/net.d/10-weft.conflist",
                    "/opt/cni/bin",
                    () -> weft.agent(node.name()).pods());
        }

        static Agent flannel(Node node) {
            return new Agent(
                    "flanneld",
                    "bin/flanneld",
                    "/etc/cni/net.d/10-reference.conflist",
                    "/usr/lib/cni",
                    // One file a lease, and the one of the latest.
                    () -> Integer.parseInt(node.exec("sh", "-c", "ls /run/cni-ipam/reference | grep -c '^10[.]'")
                            .strip()));
        }
    }

    AgentMemory(Node node, Agent agent, Netbench netbench, Measurements measurements, Progress progress) {
        this.node = node;
        this.agent = agent;
        this.netbench = netbench;
        this.measurements = measurements;
        this.progress = progress;
    }

    void idle() {
        measure("idle");
    }

    /** Holds {@value #PODS} pods on the node meanwhile: what a /24 has room for beside the cluster's own. */
    void loaded() {
        progress.step("memory of " + agent.who() + " with " + PODS + " pods on the node");
        node.start(
                "netbench-hold",
                netbench.command(
                        "cni",
                        "--conflist",
                        agent.conflist(),
                        "--bin",
                        agent.plugins(),
                        "--count",
                        String.valueOf(PODS),
                        "--parallel",
                        "10",
                        "--hold",
                        "10s"));
        Wait.until(
                PODS + " pods on " + node.name(),
                PATIENCE,
                POLL,
                () -> agent.pods().getAsInt() >= PODS);
        measure(PODS + " pods");
        Wait.until("their end", PATIENCE, POLL, () -> agent.pods().getAsInt() < PODS / 2);
    }

    private void measure(String state) {
        String status = node.exec("sh", "-c", "cat /proc/$(pgrep -o -f '" + agent.commandLine() + "')/status");
        measurements.add(Metric.lower("RSS of the agent, " + state, "MB"), agent.who(), megabytes(RSS, status));
        measurements.add(Metric.lower("of it anonymous, " + state, "MB"), agent.who(), megabytes(ANONYMOUS, status));
    }

    private static double megabytes(Pattern field, String status) {
        Matcher matcher = field.matcher(status);
        if (!matcher.find()) {
            throw new LabException("no " + field + " in: " + status);
        }
        return Long.parseLong(matcher.group(1)) * 1024 / 1e6;
    }
}
