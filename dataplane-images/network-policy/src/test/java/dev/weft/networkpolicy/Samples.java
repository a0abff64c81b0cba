package dev.weft.networkpolicy;

import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.ClusterNetworkPolicy.Action;
import dev.weft.kube.ClusterNetworkPolicy.Tier;
import dev.weft.kube.LabelSelector;
import dev.weft.kube.Namespace;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.NetworkPolicy.Peer;
import dev.weft.kube.NetworkPolicy.Port;
import dev.weft.kube.NetworkPolicy.Rule;
import dev.weft.kube.Node;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Objects for tests, in few words. */
final class Samples {
    static final String NODE = "node-a";
    static final int TCP = 6;
    static final int UDP = 17;

    private Samples() {}

    static Pod pod(String name, String app, String... ips) {
        return pod("shop", name, NODE, Map.of("app", app), List.of(), ips);
    }

    static Pod pod(
            String namespace,
            String name,
            String node,
            Map<String, String> labels,
            List<Pod.Port> ports,
            String... ips) {
        return new Pod(
                new ObjectKey(namespace, name),
                "uid-" + name,
                node,
                labels,
                Arrays.stream(ips).map(Ip::parse).toList(),
                ports,
                false,
                false);
    }

    static Namespace namespace(String name, Map<String, String> labels) {
        return new Namespace(name, labels, false);
    }

    static LabelSelector labels(String... pairs) {
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            labels.put(pairs[i], pairs[i + 1]);
        }
        return new LabelSelector(labels, List.of());
    }

    static Node node(String name, Map<String, String> labels, List<Ip> addresses) {
        return new Node(
                name, "uid-" + name, labels, Instant.EPOCH, List.of(), addresses, addresses, Set.of(), true, false);
    }

    static NetworkPolicy ingress(String name, LabelSelector pods, Rule... rules) {
        return new NetworkPolicy(new ObjectKey("shop", name), pods, true, false, List.of(rules), List.of());
    }

    static NetworkPolicy egress(String name, LabelSelector pods, Rule... rules) {
        return new NetworkPolicy(new ObjectKey("shop", name), pods, false, true, List.of(), List.of(rules));
    }

    /** For all pods of namespaces. */
    static ClusterNetworkPolicy cluster(
            String name,
            Tier tier,
            int priority,
            LabelSelector namespaces,
            List<ClusterNetworkPolicy.Rule> ingress,
            List<ClusterNetworkPolicy.Rule> egress) {
        return new ClusterNetworkPolicy(
                name,
                "uid-" + name,
                tier,
                priority,
                Optional.of(new ClusterNetworkPolicy.Subject(namespaces, LabelSelector.EVERYTHING)),
                ingress,
                egress,
                List.of());
    }

    static ClusterNetworkPolicy.Rule says(Action action, ClusterNetworkPolicy.Peer peer, Port... ports) {
        return new ClusterNetworkPolicy.Rule("", action, List.of(ports), List.of(peer));
    }

    static ClusterNetworkPolicy.Peer team(String team) {
        return new ClusterNetworkPolicy.Peer.Pods(labels("team", team), LabelSelector.EVERYTHING);
    }

    static ClusterNetworkPolicy.Peer networks(String... cidrs) {
        return new ClusterNetworkPolicy.Peer.Networks(
                Arrays.stream(cidrs).map(Cidr::parse).toList());
    }

    static Rule rule(List<Peer> peers, Port... ports) {
        return new Rule(List.of(ports), peers);
    }

    static Peer pods(String... pairs) {
        return new Peer.Pods(Optional.empty(), labels(pairs));
    }

    static Peer namespaces(LabelSelector namespaces, LabelSelector pods) {
        return new Peer.Pods(Optional.of(namespaces), pods);
    }

    static Peer block(String cidr, String... except) {
        return new Peer.Block(
                Cidr.parse(cidr), Arrays.stream(except).map(Cidr::parse).toList());
    }

    static Port tcp(int port) {
        return new Port.Numbers(TCP, port, port);
    }

    static Port udp(int from, int to) {
        return new Port.Numbers(UDP, from, to);
    }

    static Port named(String name) {
        return new Port.Named(TCP, name);
    }
}
