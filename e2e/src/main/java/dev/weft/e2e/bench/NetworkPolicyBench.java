package dev.weft.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.Labs;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabName;
import dev.weft.e2e.lab.LabSpec;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.lab.Peer;
import dev.weft.e2e.lab.TemporaryLab;
import dev.weft.e2e.process.CommandFailedException;
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

/**
 * {@code make bench NAME=network-policy}: how long a policy takes until it is in force on both nodes, what packets pay for
 * policies, and memory, by Weft and by kube-router, each in a cluster of its own with Weft's pod network, one after the
 * other.
 *
 * <p>There are 1000 pods: {@value #OWN} that run on each of both nodes beside the seven of the measurement, and the others
 * as API objects that no node runs, which are pods of other nodes to every engine. A node has room for no more here, of
 * memory and of addresses. Policies are those of {@code netbench policies-write}; half of all select the server whose
 * traffic is measured. The same traffic to a server that no policy selects, in the same turn, is the column
 * {@value #FREE}.
 */
final class NetworkPolicyBench {
    private static final LabName LAB = new LabName("bench-policy");
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String KUBE_ROUTER = "kube-router";
    private static final String FREE = "server without policies";
    private static final int PODS = 1000;
    private static final int OWN = 40;
    private static final int SERVERS_AND_CLIENT = 7;
    private static final String SECONDS = "1";

    /** The longest time that a change of a policy is waited for, and the longest time for all changes of a size. */
    private static final Duration CHANGE = Duration.ofSeconds(60);

    private static final Duration CHANGES = Duration.ofMinutes(2);

    private final CacheRoot cache;
    private final Release release;
    private final String only;
    private final int rounds;
    private final int changes;
    private final Progress progress;
    private final Measurements measurements = new Measurements();

    /**
     * @param only one of the engines, or empty for both
     * @param rounds turns of traffic
     * @param changes of a policy
     */
    NetworkPolicyBench(CacheRoot cache, Release release, String only, int rounds, int changes, Progress progress) {
        this.cache = cache;
        this.release = release;
        this.only = only;
        this.rounds = rounds;
        this.changes = changes;
        this.progress = progress;
    }

    Measurements run() {
        new DebianPackages(progress).require(Map.of("/usr/bin/pgrep", "procps"));
        Netbench netbench = new Netbench(new ProgramCache(cache, progress).program(GoModule.NETBENCH, "netbench"));
        if (!only.equals(KUBE_ROUTER)) {
            measure(Measurements.WEFT, Set.of(), "Managed", "pgrep -n -f '@/app/weft-node agent'", netbench);
        }
        if (!only.equals(Measurements.WEFT)) {
            measure(KUBE_ROUTER, Set.of(Peer.KUBE_ROUTER), "Removed", "cat /run/kube-router.pid", netbench);
        }
        return measurements;
    }

    private void measure(String who, Set<Peer> peers, String managed, String pid, Netbench netbench) {
        progress.step("a fresh cluster of two nodes; policies by " + who);
        try (TemporaryLab _ = TemporaryLab.begin(LAB, cache, progress, false);
                Lab lab = new Labs(cache, progress).up(new LabSpec(LAB, 2, peers, release.archives()))) {
            Weft weft = new Weft(lab);
            weft.installWithoutServices();
            weft.install(release);
            weft.apply("{networkPolicy: {managementState: " + managed + "}}");
            weft.awaitReady(PATIENCE);
            PolicyBed bed = new PolicyBed(lab, netbench);
            bed.make(OWN);
            for (int policies : new int[] {0, 10, 100, 1000}) {
                progress.step("%s: %d policies".formatted(who, policies));
                bed.write(policies, PODS - 2 * OWN - SERVERS_AND_CLIENT);
                settle(bed);
                if (policies != 100) {
                    traffic(who, bed, policies);
                }
                if (policies >= 100) {
                    enforced(who, bed, policies);
                }
                memory(who, lab.nodes().getFirst(), pid, policies);
            }
        }
    }

    /** What was written before is in force once a policy that is written after it is. */
    private void settle(PolicyBed bed) {
        try {
            bed.enforced(2, CHANGES, CHANGE);
        } catch (CommandFailedException e) {
            progress.step("  a policy is not in force: " + e.getMessage());
        }
    }

    private void enforced(String who, PolicyBed bed, int policies) {
        try {
            JsonNode figures = bed.enforced(changes, CHANGES, CHANGE);
            String state = ", %d policies, %d pods".formatted(policies, PODS);
            latencies("policy written to enforced", state, who, figures.path("closing"), "ms", 1000);
            latencies("policy deleted to traffic", state, who, figures.path("opening"), "ms", 1000);
            measurements.add(
                    Metric.higher("changes measured" + state, ""),
                    who,
                    figures.path("closing").path("count").asInt());
        } catch (CommandFailedException e) {
            progress.step("  no figures: " + e.getMessage());
        }
    }

    private void traffic(String who, PolicyBed bed, int policies) {
        for (int round = 0; round < rounds; round++) {
            for (boolean sameNode : new boolean[] {true, false}) {
                // Whoever is first in one round is second in the next.
                List<PolicyBed.Role> turn = round % 2 == 0
                        ? List.of(PolicyBed.Role.PATH, PolicyBed.Role.FREE)
                        : List.of(PolicyBed.Role.FREE, PolicyBed.Role.PATH);
                String state = (sameNode ? ", same node" : ", across") + ", " + policies + " policies";
                for (PolicyBed.Role role : turn) {
                    if (role == PolicyBed.Role.PATH || who.equals(Measurements.WEFT)) {
                        traffic(role == PolicyBed.Role.PATH ? who : FREE, bed, role, sameNode, state);
                    }
                }
            }
        }
    }

    private void traffic(String who, PolicyBed bed, PolicyBed.Role role, boolean sameNode, String state) {
        JsonNode requests = bed.traffic("rr", role, sameNode, "--seconds", SECONDS);
        latencies("TCP request/response", state, who, requests, "us", 1);
        JsonNode connections = bed.traffic("connect", role, sameNode, "--seconds", SECONDS, "--parallel", "8");
        measurements.add(
                Metric.higher("connections, 8 at once" + state, "1/s"),
                who,
                connections.path("perSecond").asDouble());
        JsonNode stream = bed.traffic("stream", role, sameNode, "--seconds", SECONDS);
        measurements.add(
                Metric.higher("one TCP stream" + state, "Gbit/s"),
                who,
                stream.path("gbitPerSecond").asDouble());
    }

    private void latencies(String what, String state, String who, JsonNode figures, String unit, double micros) {
        for (String quantile : List.of("p50", "p99")) {
            measurements.add(
                    Metric.lower(what + " " + quantile + state, unit),
                    who,
                    figures.path(quantile + "Micros").asDouble() / micros);
        }
    }

    private void memory(String who, Node node, String pid, int policies) {
        long process = Long.parseLong(node.exec("sh", "-c", pid).strip());
        measurements.add(
                Metric.lower("RSS of the node's process, " + policies + " policies", "MB"),
                who,
                new ProcessFigures(node).residentMegabytes(process));
    }
}
