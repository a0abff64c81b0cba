package dev.weft.networkpolicy;

import static dev.weft.networkpolicy.Samples.NODE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.kube.Namespace;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.linux.Netns;
import dev.weft.net.Family;
import dev.weft.networkpolicy.Wire.Place;
import dev.weft.nftables.Diff;
import dev.weft.nftables.NftablesKernel;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real packets under random policies: those pass that the {@link Oracle} says, no other. */
@ExtendWith(NetworkNamespaces.class)
class PacketsTest {
    private static final int ROUNDS = Integer.getInteger("rounds", 6);
    private static final List<String> OWN = List.of("one", "two", "three");
    private static final List<String> FAR = List.of("far-1", "far-2", "far-3", "world");
    private static final Map<String, String> NAMESPACES =
            Map.of("one", "shop", "two", "shop", "three", "bank", "far-1", "shop", "far-2", "lab", "far-3", "bank");

    private int numbers;

    /** One attempt. */
    private record Probe(Place from, Place to, Family family, int protocol, int port, int number, Channel channel) {
        @Override
        public String toString() {
            return from.name() + " to " + to.name() + " " + family + " protocol " + protocol + " port " + port;
        }
    }

    @Test
    void the_kernel_judges_as_the_oracle_does(
            TestNetns node, TestNetns one, TestNetns two, TestNetns three, TestNetns far) throws Exception {
        long seed = Long.getLong("seed", 11);
        Random random = new Random(seed);
        RandomWorld cluster = new RandomWorld(random);
        Model model = new Model(NODE, true);
        Oracle oracle = new Oracle(cluster.world, NODE);
        try (Wire wire = new Wire(node, one, two, three, far);
                Netns netns = Netns.open(node.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            nftables.commit(Diff.between(Optional.empty(), model.mirror().ruleset()));
            int denied = 0;
            int allowed = 0;
            for (int round = 0; round < ROUNDS; round++) {
                change(cluster, wire, random);
                model.apply(cluster.world.changes());
                nftables.commit(model.mirror().drain());
                assertThat(nftables.read(Layout.TABLE)).contains(model.mirror().ruleset());
                List<Probe> probes = probe(wire);
                int passed = judge(probes, wire, oracle, model, "seed " + seed + " round " + round);
                allowed += passed;
                denied += probes.size() - passed;
            }
            // A check of the check: random policies that allow or deny everything would show nothing.
            assertThat(allowed).isGreaterThan(100);
            assertThat(denied).isGreaterThan(100);
        }
    }

    private static void change(RandomWorld cluster, Wire wire, Random random) {
        for (String namespace : Set.copyOf(NAMESPACES.values())) {
            cluster.world.put(new Namespace(
                    namespace, Map.of("team", List.of("a", "b", "c").get(random.nextInt(3))), false));
        }
        NAMESPACES.forEach((name, namespace) -> {
            Map<String, String> labels = new HashMap<>();
            for (String label : List.of("app", "tier")) {
                if (random.nextInt(4) > 0) {
                    labels.put(label, List.of("a", "b", "c").get(random.nextInt(3)));
                }
            }
            List<Pod.Port> ports = new ArrayList<>();
            for (String port : List.of("web", "dns")) {
                ports.add(new Pod.Port(
                        port, random.nextBoolean() ? 6 : 17, Wire.FIRST_PORT + random.nextInt(Wire.PORTS)));
            }
            boolean own = OWN.contains(name);
            cluster.world.put(new Pod(
                    new ObjectKey(namespace, name),
                    "uid",
                    own ? NODE : "node-b",
                    labels,
                    wire.place(name).ips(),
                    ports,
                    false,
                    !own && random.nextInt(4) == 0));
        });
        for (String name : List.of("node", "world")) {
            cluster.world.put(Samples.node(
                    name.equals("node") ? NODE : "node-b",
                    Map.of("zone", List.of("a", "b", "c").get(random.nextInt(3))),
                    wire.place(name).ips()));
        }
        for (int n = 0; n < 4; n++) {
            if (random.nextInt(3) == 0) {
                cluster.world.removeClusterPolicy("cluster-" + n);
            } else {
                cluster.world.put(cluster.clusterPolicy("cluster-" + n));
            }
        }
        for (String namespace : List.of("shop", "bank")) {
            for (int n = 0; n < 3; n++) {
                ObjectKey key = new ObjectKey(namespace, "policy-" + n);
                if (random.nextInt(3) == 0) {
                    cluster.world.removePolicy(key);
                } else {
                    cluster.world.put(cluster.policy(key));
                }
            }
        }
    }

    private List<Probe> probe(Wire wire) {
        List<Probe> probes = new ArrayList<>();
        for (String from : OWN) {
            for (String to : List.of("one", "two", "three", "far-1", "far-2", "far-3", "world", "node")) {
                if (!from.equals(to)) {
                    probe(wire, from, to, probes);
                }
            }
        }
        for (String to : OWN) {
            FAR.forEach(from -> probe(wire, from, to, probes));
            probe(wire, "node", to, probes);
        }
        return probes;
    }

    private void probe(Wire wire, String fromName, String toName, List<Probe> to) {
        Place from = wire.place(fromName);
        Place there = wire.place(toName);
        for (Family family : Family.values()) {
            for (int port = Wire.FIRST_PORT; port < Wire.FIRST_PORT + Wire.PORTS; port++) {
                SocketChannel tcp = wire.connect(from, there, family, port);
                to.add(new Probe(from, there, family, 6, port, 0, tcp));
                int number = ++numbers;
                DatagramChannel udp = wire.send(from, there, family, port, number);
                to.add(new Probe(from, there, family, 17, port, number, udp));
            }
        }
    }

    private static int judge(List<Probe> probes, Wire wire, Oracle oracle, Model model, String as) throws IOException {
        List<Probe> expected = new ArrayList<>();
        List<Probe> forbidden = new ArrayList<>();
        for (Probe probe : probes) {
            var from = probe.from().ip(probe.family());
            var to = probe.to().ip(probe.family());
            boolean fromNode = probe.from().name().equals("node");
            boolean allowed = oracle.allows(from, to, probe.protocol(), probe.port(), fromNode);
            if (!fromNode) {
                assertThat(model.allows(from, to, probe.protocol(), probe.port()))
                        .as("the model, %s: %s", as, probe)
                        .isEqualTo(allowed);
            }
            (allowed ? expected : forbidden).add(probe);
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(expected.stream().filter(probe -> !passed(probe, wire)))
                        .as(as)
                        .isEmpty());
        await().pollInterval(Duration.ofMillis(20))
                .during(Duration.ofMillis(150))
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(forbidden.stream().filter(probe -> passed(probe, wire)))
                        .as(as)
                        .isEmpty());
        for (Probe probe : probes) {
            probe.channel().close();
        }
        return expected.size();
    }

    private static boolean passed(Probe probe, Wire wire) {
        try {
            return probe.channel() instanceof SocketChannel tcp
                    ? tcp.isConnected() || tcp.finishConnect()
                    : wire.arrived.contains(probe.number());
        } catch (IOException e) {
            return false;
        }
    }
}
