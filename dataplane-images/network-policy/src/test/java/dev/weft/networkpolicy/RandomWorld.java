package dev.weft.networkpolicy;

import static dev.weft.networkpolicy.Samples.NODE;

import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.LabelSelector;
import dev.weft.kube.LabelSelector.Operator;
import dev.weft.kube.LabelSelector.Requirement;
import dev.weft.kube.Namespace;
import dev.weft.kube.NetworkPolicy;
import dev.weft.kube.NetworkPolicy.Peer;
import dev.weft.kube.NetworkPolicy.Port;
import dev.weft.kube.NetworkPolicy.Rule;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A small cluster in which everything changes: few names and few labels, so that much of it meets. */
final class RandomWorld {
    private static final List<String> NAMESPACES = List.of("shop", "bank", "lab");
    private static final List<String> VALUES = List.of("a", "b", "c");
    private static final List<String> PORT_NAMES = List.of("web", "dns");
    private static final int PODS = 12;
    private static final int POLICIES = 6;

    private final RandomGenerator random;
    final World world = new World();

    RandomWorld(RandomGenerator random) {
        this.random = random;
    }

    /** One change of something. */
    void step() {
        switch (random.nextInt(11)) {
            case 8, 9 -> world.put(clusterPolicy("cluster-" + random.nextInt(POLICIES)));
            case 10 -> node();
            case 0, 1 -> policy();
            case 2 -> namespace();
            case 3, 4, 5 -> pod();
            case 6 -> lease();
            default -> remove();
        }
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>();
        for (String name : List.of("app", "tier")) {
            if (random.nextInt(4) > 0) {
                labels.put(name, one(VALUES));
            }
        }
        return labels;
    }

    private void namespace() {
        world.put(new Namespace(one(NAMESPACES), Map.of("team", one(VALUES)), false));
    }

    private ObjectKey podKey() {
        return new ObjectKey(one(NAMESPACES), "pod-" + random.nextInt(PODS));
    }

    /** Half of the names are this node's, so that no pod moves to another while it is leased. */
    private static boolean isOwn(ObjectKey key) {
        return key.name().hashCode() % 2 == 0;
    }

    private void pod() {
        ObjectKey key = podKey();
        List<Ip> ips = new ArrayList<>();
        if (random.nextInt(5) > 0) {
            // Of other nodes' pods two may have the same address for a moment.
            ips.addAll(isOwn(key) ? own(key) : addresses(200 + random.nextInt(6)));
        }
        List<Pod.Port> ports = new ArrayList<>();
        for (String name : PORT_NAMES) {
            if (random.nextBoolean()) {
                ports.add(new Pod.Port(name, random.nextBoolean() ? 6 : 17, 8000 + random.nextInt(3)));
            }
        }
        world.put(new Pod(
                key,
                "uid",
                isOwn(key) ? NODE : "node-b",
                labels(),
                ips,
                ports,
                random.nextInt(12) == 0,
                random.nextInt(12) == 0));
    }

    private static List<Ip> own(ObjectKey key) {
        return addresses(NAMESPACES.indexOf(key.namespace()) * PODS
                + Integer.parseInt(key.name().substring(4)));
    }

    private static List<Ip> addresses(int n) {
        return List.of(Ip.parse("10.244.1." + n), Ip.parse("fd00:244:1::" + n));
    }

    private void lease() {
        ObjectKey key = podKey();
        if (isOwn(key)) {
            if (random.nextInt(3) > 0) {
                world.lease(key, own(key));
            } else {
                world.release(key);
            }
        }
    }

    private void remove() {
        switch (random.nextInt(5)) {
            case 0 -> world.removePod(podKey());
            case 1 -> world.removePolicy(policyKey());
            case 2 -> world.removeClusterPolicy("cluster-" + random.nextInt(POLICIES));
            case 3 -> world.removeNode("node-" + random.nextInt(3));
            default -> world.removeNamespace(one(NAMESPACES));
        }
    }

    private ObjectKey policyKey() {
        return new ObjectKey(one(NAMESPACES), "policy-" + random.nextInt(POLICIES));
    }

    private void policy() {
        world.put(policy(policyKey()));
    }

    NetworkPolicy policy(ObjectKey key) {
        boolean in = random.nextInt(3) > 0;
        boolean out = !in || random.nextBoolean();
        return new NetworkPolicy(key, selector(), in, out, in ? rules() : List.of(), out ? rules() : List.of());
    }

    private void node() {
        // Some have addresses that pods have as well, as when a network was numbered anew.
        world.put(Samples.node(
                "node-" + random.nextInt(3), Map.of("zone", one(VALUES)), addresses(202 + random.nextInt(6))));
    }

    /** One of few priorities and many actions. */
    ClusterNetworkPolicy clusterPolicy(String name) {
        return new ClusterNetworkPolicy(
                name,
                "uid",
                random.nextInt(3) > 0 ? ClusterNetworkPolicy.Tier.ADMIN : ClusterNetworkPolicy.Tier.BASELINE,
                random.nextInt(3),
                random.nextInt(12) == 0
                        ? Optional.empty()
                        : Optional.of(new ClusterNetworkPolicy.Subject(namespaces(), selector())),
                clusterRules(false),
                clusterRules(true),
                List.of());
    }

    private LabelSelector namespaces() {
        return random.nextBoolean()
                ? LabelSelector.EVERYTHING
                : new LabelSelector(Map.of("team", one(VALUES)), List.of());
    }

    private List<ClusterNetworkPolicy.Rule> clusterRules(boolean egress) {
        List<ClusterNetworkPolicy.Rule> rules = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
            boolean named = random.nextInt(4) == 0;
            List<Port> ports = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                ports.add(port());
            }
            if (named) {
                String name = one(PORT_NAMES);
                ports.add(new Port.Named(6, name));
                ports.add(new Port.Named(17, name));
            } else {
                ports.removeIf(Port.Named.class::isInstance);
            }
            List<ClusterNetworkPolicy.Peer> peers = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                peers.add(clusterPeer(egress && !named));
            }
            rules.add(new ClusterNetworkPolicy.Rule(
                    "", one(List.of(ClusterNetworkPolicy.Action.values())), ports, peers));
        }
        return rules;
    }

    private ClusterNetworkPolicy.Peer clusterPeer(boolean any) {
        return switch (random.nextInt(any ? 8 : 5)) {
            case 5 -> new ClusterNetworkPolicy.Peer.Nodes(new LabelSelector(Map.of("zone", one(VALUES)), List.of()));
            case 6 -> new ClusterNetworkPolicy.Peer.Networks(List.of(((Peer.Block) block()).cidr()));
            case 7 ->
                random.nextInt(6) == 0
                        ? new ClusterNetworkPolicy.Peer.Everybody()
                        : new ClusterNetworkPolicy.Peer.Nodes(LabelSelector.EVERYTHING);
            default -> new ClusterNetworkPolicy.Peer.Pods(namespaces(), selector());
        };
    }

    LabelSelector selector() {
        Map<String, String> labels = random.nextInt(3) == 0 ? Map.of("app", one(VALUES)) : Map.of();
        List<Requirement> requirements = new ArrayList<>();
        if (random.nextInt(4) == 0) {
            Operator operator = one(List.of(Operator.IN, Operator.NOT_IN, Operator.EXISTS, Operator.DOES_NOT_EXIST));
            requirements.add(new Requirement(
                    "tier",
                    operator,
                    operator == Operator.IN || operator == Operator.NOT_IN
                            ? List.of(one(VALUES), one(VALUES))
                            : List.of()));
        }
        return new LabelSelector(labels, requirements);
    }

    private List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (int n = random.nextInt(3); n > 0; n--) {
            List<Port> ports = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                ports.add(port());
            }
            List<Peer> peers = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                peers.add(peer());
            }
            rules.add(new Rule(ports, peers));
        }
        return rules;
    }

    private Port port() {
        int protocol = random.nextBoolean() ? 6 : 17;
        int number = 8000 + random.nextInt(4);
        return switch (random.nextInt(4)) {
            case 0 -> new Port.Named(protocol, one(PORT_NAMES));
            case 1 -> new Port.Numbers(protocol, 0, 0xffff);
            case 2 -> new Port.Numbers(protocol, number, number + random.nextInt(3));
            default -> new Port.Numbers(protocol, number, number);
        };
    }

    private Peer peer() {
        return switch (random.nextInt(5)) {
            case 0 -> new Peer.Pods(Optional.empty(), selector());
            case 1 -> new Peer.Pods(Optional.of(LabelSelector.EVERYTHING), selector());
            case 2 -> new Peer.Pods(Optional.of(new LabelSelector(Map.of("team", one(VALUES)), List.of())), selector());
            default -> block();
        };
    }

    private Peer block() {
        boolean v4 = random.nextBoolean();
        int bits = v4 ? 32 : 128;
        int length = random.nextInt(12) == 0 ? 0 : bits - random.nextInt(9);
        Ip base = addresses(random.nextInt(256)).get(v4 ? 0 : 1);
        Cidr cidr = Cidr.containing(base, length);
        List<Cidr> except = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            Ip inside = addresses(random.nextInt(256)).get(v4 ? 0 : 1);
            Cidr hole = Cidr.containing(inside, Math.min(bits, Math.max(length, bits - 4) + random.nextInt(4)));
            if (cidr.contains(hole)) {
                except.add(hole);
            }
        }
        return new Peer.Block(cidr, except);
    }
}
