package dev.weft.node;

import dev.weft.agent.Check;
import dev.weft.cni.probe.Prober;
import dev.weft.cni.routes.NodePlan;
import dev.weft.cni.routes.Path;
import dev.weft.cni.routes.Peer;
import dev.weft.cni.routes.Problem;
import dev.weft.cni.routes.Uplink;
import dev.weft.config.NodeConfig;
import dev.weft.config.NodeStatus;
import dev.weft.config.Routing;
import dev.weft.net.Family;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** What the agent knows of itself, as the page {@code /status} tells it. For several threads. */
final class AgentStatus {
    /** A status stays small, whatever is wrong with the cluster. */
    private static final int MAX_PROBLEMS = 20;

    private final NodeConfig config;
    private final String node;
    private final Instant startedAt;
    private final Repairs repairs;
    private final IntSupplier pods;
    private volatile Optional<NodePlan> plan = Optional.empty();
    private volatile Optional<Uplink> uplink = Optional.empty();
    private volatile Optional<Prober> prober = Optional.empty();
    private final Map<String, Supplier<Check>> otherRoles = new ConcurrentSkipListMap<>(Comparator.reverseOrder());
    private volatile List<String> kubeProxy = List.of();

    AgentStatus(NodeConfig config, String node, Instant startedAt, Repairs repairs, IntSupplier pods) {
        this.config = config;
        this.node = node;
        this.startedAt = startedAt;
        this.repairs = repairs;
        this.pods = pods;
    }

    void reached(NodePlan now, Uplink link) {
        plan = Optional.of(now);
        uplink = Optional.of(link);
    }

    void probing(Prober now) {
        prober = Optional.of(now);
    }

    Optional<Uplink> uplink() {
        return uplink;
    }

    /** Why pods of this node cannot be served, as far as the plan says. */
    Check ownProblems() {
        return plan.flatMap(now -> now.problems().stream()
                        .filter(problem -> problem.blocking() && problem.node().equals(node))
                        .findFirst())
                .map(problem -> Check.bad(problem.message()))
                .orElse(Check.good());
    }

    /** Another role than the pod network is on; its check is asked at each look. */
    void role(String name, Supplier<Check> check) {
        otherRoles.put(name, check);
    }

    /** Which of kube-proxy's modes the kernel has rules of. */
    void kubeProxy(List<String> found) {
        kubeProxy = List.copyOf(found);
    }

    /** @param readiness of the whole; its message has a line a check */
    NodeStatus now(Check readiness) {
        List<NodeStatus.Role> roles = new ArrayList<>();
        roles.add(cni(readiness));
        otherRoles.forEach((name, asked) -> {
            Check check = asked.get();
            roles.add(new NodeStatus.Role(name, check.ok(), check.message()));
        });
        List<NodeStatus.Probe> probes =
                new ArrayList<>(prober.map(Prober::results).orElse(List.of()));
        plan.ifPresent(now -> probes.addAll(unreachable(now)));
        return new NodeStatus(
                node,
                config.version(),
                config.revision(),
                startedAt,
                roles,
                uplink.map(Uplink::mtu).orElse(0),
                plan.map(NodePlan::podMtu).orElse(0),
                pods.getAsInt(),
                probes,
                repairs.latest(),
                kubeProxy);
    }

    private NodeStatus.Role cni(Check readiness) {
        List<String> failing = readiness
                .message()
                .lines()
                .filter(line -> line.startsWith("FAIL "))
                .map(line -> line.substring(5))
                // They have lines of status of their own.
                .filter(line -> otherRoles.keySet().stream().noneMatch(line::startsWith))
                .toList();
        return new NodeStatus.Role(NodeStatus.Role.CNI, failing.isEmpty(), String.join("; ", failing));
    }

    /** Nodes that have no route are not probed, but they are not well either. */
    private List<NodeStatus.Probe> unreachable(NodePlan now) {
        String path = (config.routing() == Routing.VXLAN ? Path.VXLAN : Path.DIRECT).label();
        List<NodeStatus.Probe> probes = new ArrayList<>();
        for (Problem problem : now.problems()) {
            for (Family family : Family.values()) {
                boolean used = config.podCidrs().stream().anyMatch(cidr -> cidr.family() == family);
                if (used && isBlocked(problem, family, now.peers()) && probes.size() < MAX_PROBLEMS) {
                    probes.add(new NodeStatus.Probe(
                            problem.node(),
                            family == Family.IPV4 ? "IPv4" : "IPv6",
                            path,
                            false,
                            0,
                            0,
                            Instant.EPOCH,
                            0,
                            problem.message()));
                }
            }
        }
        return probes;
    }

    private boolean isBlocked(Problem problem, Family family, List<Peer> peers) {
        return problem.blocking()
                && !problem.node().equals(node)
                && peers.stream().noneMatch(peer -> peer.node().equals(problem.node()) && peer.family() == family);
    }
}
