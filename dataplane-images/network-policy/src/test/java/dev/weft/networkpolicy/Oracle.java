package dev.weft.networkpolicy;

import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.ClusterNetworkPolicy.Tier;
import dev.weft.kube.LabelSelector;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.NetworkPolicy.Peer;
import dev.weft.kube.NetworkPolicy.Port;
import dev.weft.kube.NetworkPolicy.Rule;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What ought to happen to a new connection, written down from the API's documentation, object by object, with nothing of
 * the code under test.
 */
final class Oracle {
    private final World world;
    private final String node;

    /**
     * @param node whose pods are protected here; others' are on their own nodes
     */
    Oracle(World world, String node) {
        this.world = world;
        this.node = node;
    }

    /**
     * @param fromNode whether the node itself connects, which nothing forbids
     */
    boolean allows(Ip source, Ip destination, int protocol, int port, boolean fromNode) {
        if (fromNode || source.equals(destination)) {
            return true;
        }
        for (Pod pod : world.pods.values()) {
            if (!pod.node().equals(node) || pod.hostNetwork() || pod.finished()) {
                continue;
            }
            if (pod.ips().contains(source) && !passes(pod, false, source, destination, protocol, port)) {
                return false;
            }
            if (pod.ips().contains(destination) && !passes(pod, true, source, destination, protocol, port)) {
                return false;
            }
        }
        return true;
    }

    private boolean passes(Pod pod, boolean ingress, Ip source, Ip destination, int protocol, int port) {
        Traffic traffic = new Traffic(pod, ingress, ingress ? source : destination, destination, protocol, port);
        Optional<Boolean> admin = decided(Tier.ADMIN, traffic);
        if (admin.isPresent()) {
            return admin.get();
        }
        boolean isolated = false;
        for (NetworkPolicy policy : world.policies.values()) {
            boolean selects = policy.key().namespace().equals(pod.key().namespace())
                    && selected(policy.pods(), pod.labels())
                    && (ingress ? policy.isolatesIngress() : policy.isolatesEgress());
            if (!selects) {
                continue;
            }
            isolated = true;
            List<Rule> rules = ingress ? policy.ingress() : policy.egress();
            for (Rule rule : rules) {
                if (peers(rule, policy.key().namespace(), ingress ? source : destination)
                        && ports(rule.ports(), destination, protocol, port)) {
                    return true;
                }
            }
        }
        return !isolated && decided(Tier.BASELINE, traffic).orElse(true);
    }

    /** Seen from one pod. */
    private record Traffic(Pod pod, boolean ingress, Ip other, Ip destination, int protocol, int port) {}

    /** What a tier of ClusterNetworkPolicies says, if it decides. */
    private Optional<Boolean> decided(Tier tier, Traffic traffic) {
        List<ClusterNetworkPolicy> inOrder = world.clusterPolicies.values().stream()
                .filter(policy -> policy.tier() == tier && applies(policy, traffic.pod()))
                .sorted(Comparator.comparingInt(ClusterNetworkPolicy::priority)
                        .thenComparing(ClusterNetworkPolicy::name))
                .toList();
        for (ClusterNetworkPolicy policy : inOrder) {
            for (ClusterNetworkPolicy.Rule rule : traffic.ingress() ? policy.ingress() : policy.egress()) {
                if (rule.peers().stream().anyMatch(peer -> is(peer, traffic.other()))
                        && ports(rule.ports(), traffic.destination(), traffic.protocol(), traffic.port())) {
                    return switch (rule.action()) {
                        case ACCEPT -> Optional.of(true);
                        case DENY -> Optional.of(false);
                        case PASS -> Optional.empty();
                    };
                }
            }
        }
        return Optional.empty();
    }

    private boolean applies(ClusterNetworkPolicy policy, Pod pod) {
        return policy.subject()
                .filter(subject ->
                        selected(subject.namespaces(), labelsOf(pod.key().namespace()))
                                && selected(subject.pods(), pod.labels()))
                .isPresent();
    }

    private boolean is(ClusterNetworkPolicy.Peer peer, Ip other) {
        return switch (peer) {
            case ClusterNetworkPolicy.Peer.Pods(var namespaces, var pods) ->
                podsAt(other).stream()
                        .anyMatch(pod ->
                                selected(namespaces, labelsOf(pod.key().namespace())) && selected(pods, pod.labels()));
            case ClusterNetworkPolicy.Peer.Nodes(var nodes) ->
                world.nodes.values().stream()
                        .anyMatch(node -> node.addresses().contains(other) && selected(nodes, node.labels()));
            case ClusterNetworkPolicy.Peer.Networks(var cidrs) -> cidrs.stream().anyMatch(cidr -> cidr.contains(other));
            case ClusterNetworkPolicy.Peer.Everybody() -> true;
        };
    }

    private boolean peers(Rule rule, String home, Ip other) {
        if (rule.peers().isEmpty()) {
            return true;
        }
        for (Peer peer : rule.peers()) {
            boolean is = switch (peer) {
                case Peer.Block(Cidr cidr, List<Cidr> except) ->
                    cidr.contains(other) && except.stream().noneMatch(hole -> hole.contains(other));
                case Peer.Pods pods -> podsAt(other).stream().anyMatch(pod -> is(pods, home, pod));
                case Peer.Nobody() -> false;
            };
            if (is) {
                return true;
            }
        }
        return false;
    }

    private List<Pod> podsAt(Ip ip) {
        return world.pods.values().stream()
                .filter(pod -> pod.ips().contains(ip) && !pod.hostNetwork() && !pod.finished())
                .toList();
    }

    private boolean is(Peer.Pods pods, String home, Pod pod) {
        String namespace = pod.key().namespace();
        boolean there = pods.namespaces().isEmpty()
                ? namespace.equals(home)
                : selected(pods.namespaces().get(), labelsOf(namespace));
        return there && selected(pods.pods(), pod.labels());
    }

    private Map<String, String> labelsOf(String namespace) {
        var known = world.namespaces.get(ObjectKey.of(namespace));
        return known == null ? Map.of() : known.labels();
    }

    private boolean ports(List<Port> ports, Ip destination, int protocol, int number) {
        if (ports.isEmpty()) {
            return true;
        }
        for (Port port : ports) {
            boolean is = switch (port) {
                case Port.Numbers(int p, int from, int to) -> p == protocol && from <= number && number <= to;
                case Port.Named(int p, String name) ->
                    p == protocol
                            && podsAt(destination).stream()
                                    .flatMap(pod -> pod.ports().stream())
                                    .anyMatch(named -> named.name().equals(name)
                                            && named.protocol() == protocol
                                            && named.port() == number);
            };
            if (is) {
                return true;
            }
        }
        return false;
    }

    private static boolean selected(LabelSelector selector, Map<String, String> labels) {
        for (var wanted : selector.labels().entrySet()) {
            if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        for (var requirement : selector.requirements()) {
            String has = labels.get(requirement.key());
            boolean holds = switch (requirement.operator()) {
                case IN -> has != null && requirement.values().contains(has);
                case NOT_IN -> has == null || !requirement.values().contains(has);
                case EXISTS -> has != null;
                case DOES_NOT_EXIST -> has == null;
                case UNKNOWN -> false;
            };
            if (!holds) {
                return false;
            }
        }
        return true;
    }
}
