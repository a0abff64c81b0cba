package dev.weft.networkpolicy;

import dev.weft.kube.LabelSelector;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.NetworkPolicy.Peer;
import dev.weft.kube.NetworkPolicy.Port;
import dev.weft.kube.NetworkPolicy.Rule;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Map;

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
                        && ports(rule, destination, protocol, port)) {
                    return true;
                }
            }
        }
        return !isolated;
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

    private boolean ports(Rule rule, Ip destination, int protocol, int number) {
        if (rule.ports().isEmpty()) {
            return true;
        }
        for (Port port : rule.ports()) {
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
