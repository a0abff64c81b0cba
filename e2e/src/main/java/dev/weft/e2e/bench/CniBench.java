package dev.weft.e2e.bench;

import dev.weft.e2e.Labs;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.lab.LabSpec;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.NodeName;
import dev.weft.e2e.lab.Peer;
import dev.weft.e2e.lab.TemporaryLab;
import dev.weft.e2e.lab.Wait;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.CacheRoot;
import dev.weft.e2e.programs.DebianPackages;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import dev.weft.e2e.weft.Release;
import dev.weft.e2e.weft.Weft;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** {@code make bench NAME=cni}: the pod network against the reference plugins and links set up by hand. */
final class CniBench {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final LabName LAB = new LabName("bench-cni");

    private final CacheRoot cache;
    private final Release release;
    private final String only;
    private final int rounds;
    private final Progress progress;

    /** @param only {@code links}, {@code latencies} or {@code memory}; empty for all */
    CniBench(CacheRoot cache, Release release, String only, int rounds, Progress progress) {
        this.cache = cache;
        this.release = release;
        this.only = only;
        this.rounds = rounds;
        this.progress = progress;
    }

    Measurements run() {
        new DebianPackages(progress)
                .require(Map.of(
                        "/usr/lib/cni/host-local", "containernetworking-plugins",
                        "/usr/sbin/iptables", "iptables",
                        "/usr/bin/pgrep", "procps"));
        Netbench netbench = new Netbench(new ProgramCache(cache, progress).program(GoModule.NETBENCH, "netbench"));
        Measurements measurements = new Measurements();
        // Latencies and memory are measured once.
        for (String routing : asked("links") ? List.of("VXLAN", "Direct") : List.of("VXLAN")) {
            withLab(routing, lab -> {
                Node near = lab.node(new NodeName(1));
                if (routing.equals("VXLAN") && asked("latencies")) {
                    new CniLatency(near, netbench, measurements, progress).run(rounds);
                }
                if (routing.equals("VXLAN") && asked("memory")) {
                    AgentMemory memory = new AgentMemory(
                            near, AgentMemory.Agent.weft(near, new Weft(lab)), netbench, measurements, progress);
                    memory.idle();
                    memory.loaded();
                }
                if (asked("links")) {
                    new LinkSpeed(near, lab.node(new NodeName(2)), routing, netbench, measurements, progress)
                            .run(rounds);
                }
            });
        }
        if (asked("memory")) {
            flannel(netbench, measurements);
        }
        return measurements;
    }

    private boolean asked(String part) {
        return only.isEmpty() || only.equals(part);
    }

    private void flannel(Netbench netbench, Measurements measurements) {
        progress.step("a fresh cluster of two nodes with Flannel");
        try (TemporaryLab _ = TemporaryLab.begin(LAB, cache, progress, false);
                Lab lab = new Labs(cache, progress).up(new LabSpec(LAB, 2, Set.of(Peer.FLANNEL), List.of()))) {
            Node near = lab.node(new NodeName(1));
            Wait.until(
                    "flanneld's tunnel",
                    PATIENCE,
                    Duration.ofSeconds(1),
                    () -> near.exec("ip", "link").contains("flannel.1"));
            AgentMemory memory =
                    new AgentMemory(near, AgentMemory.Agent.flannel(near), netbench, measurements, progress);
            memory.idle();
            memory.loaded();
        }
    }

    private void withLab(String routing, Consumer<Lab> measure) {
        progress.step("a fresh cluster of two nodes with Weft, routing " + routing);
        try (TemporaryLab _ = TemporaryLab.begin(LAB, cache, progress, false);
                Lab lab = new Labs(cache, progress)
                        .up(new LabSpec(LAB, 2, Set.of(Peer.KUBE_PROXY), release.archives()))) {
            Weft weft = new Weft(lab);
            weft.install(release);
            // Without the shortcut for nodes of one subnet, which would make it Direct.
            weft.apply("{podNetwork: {routing: " + routing + ", vxlan: {directWithinSubnet: false}},"
                    + " serviceProxy: {managementState: Unmanaged}}"); // the peer serves Services, for the
            // other chains too
            weft.awaitReady(PATIENCE);
            measure.accept(lab);
        }
    }
}
