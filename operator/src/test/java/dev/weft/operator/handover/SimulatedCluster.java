package dev.weft.operator.handover;

import dev.weft.api.ClusterNetworkStatus;
import dev.weft.config.NodeStatus;
import dev.weft.net.Ip;
import dev.weft.operator.observe.AgentReport;
import dev.weft.operator.observe.ClusterDns;
import dev.weft.operator.observe.ClusterIngress;
import dev.weft.operator.observe.Discovered;
import dev.weft.operator.observe.DnsServers;
import dev.weft.operator.observe.IngressServers;
import dev.weft.operator.observe.KubeProxy;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.revision.Names;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Nodes that are served by kube-proxy, by Weft, or by both; everything in it happens late, and in any order. */
final class SimulatedCluster {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final Random random;
    private final Map<String, SimulatedNode> nodes = new TreeMap<>();
    private boolean yields;

    /** What runs and what is in the kernel. */
    static final class SimulatedNode {
        private String label = "";
        private boolean pod = true;
        private boolean rules = true;
        private boolean role;
        private boolean inForce;

        /** Whether packets to Services are translated. */
        boolean served() {
            return rules || inForce;
        }

        boolean weftAlone() {
            return inForce && !rules && !pod;
        }

        boolean kubeProxyHere() {
            return rules && pod && label.isEmpty();
        }
    }

    SimulatedCluster(Random random, int size) {
        this.random = random;
        for (int i = 1; i <= size; i++) {
            nodes.put("node" + i, new SimulatedNode());
        }
    }

    List<SimulatedNode> nodes() {
        return List.copyOf(nodes.values());
    }

    boolean yields() {
        return yields;
    }

    /** Agents of a revision with the role begin, one after the other as a rollout does. */
    void startRoles() {
        nodes.values().stream()
                .filter(n -> !n.role)
                .findFirst()
                .filter(n -> random.nextInt(3) == 0)
                .ifPresent(n -> n.role = true);
    }

    /** What happens by itself: the DaemonSet controller, kube-proxy, agents. */
    void turn() {
        for (SimulatedNode node : nodes.values()) {
            boolean wanted = !yields || !Names.KUBE_PROXY_AWAY.contains(node.label);
            if (random.nextInt(3) == 0) {
                node.pod = wanted;
            }
            if (node.pod && random.nextInt(3) == 0) {
                node.rules = true;
            }
            if (node.role && random.nextInt(3) == 0) {
                node.inForce = true;
            }
            if (node.role && node.label.equals(Names.KUBE_PROXY_GONE) && random.nextInt(3) == 0) {
                node.rules = false;
            }
        }
    }

    void carryOut(Handover step) {
        switch (step.change()) {
            case NONE -> {}
            case YIELD -> yields = true;
            case RESTORE -> yields = false;
        }
        step.labels().forEach((name, label) -> node(name).label = label);
    }

    private SimulatedNode node(String name) {
        return Optional.ofNullable(nodes.get(name)).orElseThrow();
    }

    Observed observe() {
        Map<String, AgentReport> reports = new HashMap<>();
        Map<String, Boolean> pods = new HashMap<>();
        List<NodeInfo> infos = new ArrayList<>();
        nodes.forEach((name, node) -> {
            infos.add(info(name, node));
            if (node.pod) {
                pods.put(name, true);
            }
            if (random.nextInt(10) > 0) {
                reports.put(name, new AgentReport.Answered(name, NOW, NOW, status(name, node)));
            }
        });
        return new Observed(
                NOW,
                "",
                1,
                ClusterNetworkStatus.EMPTY,
                new Discovered(
                        List.of(),
                        "",
                        List.of(),
                        "",
                        List.of(),
                        Optional.of(new KubeProxy.InDaemonSet("kube-system", "kube-proxy", Map.of(), yields)),
                        ClusterDns.NONE,
                        ClusterIngress.NONE,
                        List.of()),
                infos,
                List.of(),
                List.of(),
                reports,
                pods,
                DnsServers.NONE,
                IngressServers.NONE,
                List.of());
    }

    private static NodeInfo info(String name, SimulatedNode node) {
        return new NodeInfo(
                name,
                node.label.isEmpty() ? Map.of() : Map.of(Names.KUBE_PROXY, node.label),
                List.of(),
                List.of(),
                List.of(Ip.parse("192.0.2.1")),
                4000,
                true,
                NOW,
                Optional.empty(),
                Optional.empty());
    }

    private static NodeStatus status(String name, SimulatedNode node) {
        List<NodeStatus.Role> roles = new ArrayList<>();
        roles.add(new NodeStatus.Role(NodeStatus.Role.CNI, true, ""));
        if (node.role) {
            roles.add(new NodeStatus.Role(NodeStatus.Role.SERVICE_PROXY, node.inForce, ""));
        }
        return new NodeStatus(
                name,
                "0.1.0",
                "r1",
                NOW,
                roles,
                1500,
                1450,
                0,
                List.of(),
                List.of(),
                node.rules ? List.of("nftables") : List.of());
    }
}
