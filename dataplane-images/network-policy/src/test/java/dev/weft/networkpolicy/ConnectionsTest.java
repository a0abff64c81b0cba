package dev.weft.networkpolicy;

import static dev.weft.kube.ClusterNetworkPolicy.Tier.ADMIN;
import static dev.weft.networkpolicy.Samples.block;
import static dev.weft.networkpolicy.Samples.cluster;
import static dev.weft.networkpolicy.Samples.egress;
import static dev.weft.networkpolicy.Samples.ingress;
import static dev.weft.networkpolicy.Samples.labels;
import static dev.weft.networkpolicy.Samples.networks;
import static dev.weft.networkpolicy.Samples.pods;
import static dev.weft.networkpolicy.Samples.rule;
import static dev.weft.networkpolicy.Samples.says;
import static dev.weft.networkpolicy.Samples.team;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.ClusterNetworkPolicy.Action;
import dev.weft.kube.ClusterNetworkPolicy.Rule;
import dev.weft.kube.LabelSelector;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Pod;
import dev.weft.linux.Netns;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.networkpolicy.Wire.Place;
import dev.weft.nftables.Element;
import dev.weft.nftables.NftablesKernel;
import dev.weft.nftables.Operation;
import dev.weft.nftables.Transaction;
import dev.weft.testkit.NetworkNamespaces;
import dev.weft.testkit.TestNetns;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections that run while policies change: P3, P4, and what a restart does to them. */
@ExtendWith(NetworkNamespaces.class)
class ConnectionsTest {
    private static final ObjectKey DENY = new ObjectKey("shop", "deny");

    /** A connection over which a byte goes there and back. */
    private record Talk(SocketChannel channel, String name) {
        boolean answers() {
            try {
                ByteBuffer byteBack = ByteBuffer.allocate(8);
                channel.write(ByteBuffer.wrap(new byte[] {1}));
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(Duration.ofMillis(700))
                        .until(() -> channel.read(byteBack) > 0);
                return true;
            } catch (ConditionTimeoutException | IOException e) {
                return false;
            }
        }
    }

    private static Talk talk(Wire wire, String from, String to, Family family, int port) throws IOException {
        Place source = wire.place(from);
        SocketChannel channel = wire.connect(source, wire.place(to), family, port);
        await().until(channel::finishConnect);
        Talk talk = new Talk(channel, from + " to " + to + " " + family);
        assertThat(talk.answers()).as(talk.name()).isTrue();
        return talk;
    }

    private static World world(Wire wire) {
        World world = new World();
        for (String name : List.of("one", "two", "three")) {
            world.put(Samples.pod(
                    name,
                    name,
                    wire.place(name).ipv4().toString(),
                    wire.place(name).ipv6().toString()));
        }
        world.put(pod("shop", "far-1", "far"));
        return world;
    }

    private static Pod pod(String namespace, String name, String app) {
        return Samples.pod(namespace, name, "node-b", Map.of("app", app), List.of(), "10.244.1.201", "fd00:244:1::201");
    }

    @Test
    void a_connection_that_a_change_forbids_is_cut_and_no_other(
            TestNetns node, TestNetns one, TestNetns two, TestNetns three, TestNetns far) throws Exception {
        try (Wire wire = new Wire(node, one, two, three, far);
                Netns netns = Netns.open(node.path());
                Flows flows = Flows.openIn(netns);
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            Turns turns = new Turns(world(wire), nftables);
            turns.follow();
            List<Talk> forbidden = new ArrayList<>();
            List<Talk> allowed = new ArrayList<>();
            for (Family family : Family.values()) {
                forbidden.add(talk(wire, "two", "one", family, 8000));
                forbidden.add(talk(wire, "world", "one", family, 8000));
                allowed.add(talk(wire, "far-1", "one", family, 8000));
                allowed.add(talk(wire, "one", "two", family, 8000)); // its replies are no ingress
                allowed.add(talk(wire, "node", "one", family, 8000));
                allowed.add(talk(wire, "two", "three", family, 8000));
            }
            turns.world.put(ingress("deny", labels("app", "one"), rule(List.of(pods("app", "far")))));
            turns.follow();
            assertThat(flows.judge(turns.takeEffect(), turns.sync::allows)).isEqualTo(4);
            for (Talk talk : allowed) {
                assertThat(talk.answers()).as(talk.name()).isTrue();
            }
            for (Talk talk : forbidden) {
                assertThat(talk.answers()).as(talk.name()).isFalse();
            }
            // Also where the policy goes while no agent runs.
            turns.world.removePolicy(DENY);
            List.copyOf(turns.world.pods.values()).forEach(turns.world::put);
            Turns next = new Turns(turns.world, nftables);
            next.follow();
            assertThat(flows.judge(next.takeEffect(), next.sync::allows)).isZero();
            for (Talk talk : forbidden) {
                await("allowed again: " + talk.name()).until(talk::answers);
            }
            for (Talk talk : forbidden) {
                talk.channel().close();
            }
            for (Talk talk : allowed) {
                talk.channel().close();
            }
        }
    }

    @Test
    void a_peer_that_is_no_longer_one_is_cut_off(
            TestNetns node, TestNetns one, TestNetns two, TestNetns three, TestNetns far) throws Exception {
        try (Wire wire = new Wire(node, one, two, three, far);
                Netns netns = Netns.open(node.path());
                Flows flows = Flows.openIn(netns);
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            Turns turns = new Turns(world(wire), nftables);
            turns.world
                    .put(ingress("from-far", labels("app", "one"), rule(List.of(pods("app", "far")))))
                    .put(egress("to-world", labels("app", "two"), rule(List.of(block("203.0.113.0/24")))));
            turns.follow();
            flows.judge(turns.takeEffect(), turns.sync::allows);
            try (SocketChannel in =
                            talk(wire, "far-1", "one", Family.IPV4, 8000).channel();
                    SocketChannel out =
                            talk(wire, "two", "world", Family.IPV4, 8000).channel()) {
                turns.world.put(pod("shop", "far-1", "other"));
                turns.follow();
                assertThat(flows.judge(turns.takeEffect(), turns.sync::allows)).isEqualTo(1);
                assertThat(new Talk(in, "in").answers()).isFalse();
                assertThat(new Talk(out, "out").answers()).isTrue();
                turns.world.put(egress(
                        "to-world", labels("app", "two"), rule(List.of(block("203.0.113.0/24", "203.0.113.9/32")))));
                turns.follow();
                assertThat(flows.judge(turns.takeEffect(), turns.sync::allows)).isEqualTo(1);
                assertThat(new Talk(out, "out").answers()).isFalse();
            }
        }
    }

    @Test
    void cluster_policies_cut_what_they_deny_and_no_other(
            TestNetns node, TestNetns one, TestNetns two, TestNetns three, TestNetns far) throws Exception {
        try (Wire wire = new Wire(node, one, two, three, far);
                Netns netns = Netns.open(node.path());
                Flows flows = Flows.openIn(netns);
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            Turns turns = new Turns(world(wire), nftables);
            turns.world
                    .put(Samples.namespace("shop", Map.of("team", "a")))
                    .put(Samples.node(
                            "node-a", Map.of("zone", "a"), wire.place("node").ips()));
            turns.follow();
            try (SocketChannel toNode =
                            talk(wire, "one", "node", Family.IPV4, 8000).channel();
                    SocketChannel toWorld =
                            talk(wire, "one", "world", Family.IPV6, 8000).channel();
                    SocketChannel fromNode =
                            talk(wire, "node", "one", Family.IPV4, 8000).channel();
                    SocketChannel fromFar =
                            talk(wire, "far-1", "one", Family.IPV4, 8000).channel()) {
                Rule toNodes = says(Action.DENY, new ClusterNetworkPolicy.Peer.Nodes(LabelSelector.EVERYTHING));
                turns.world.put(cluster("guard", ADMIN, 2, LabelSelector.EVERYTHING, List.of(), List.of(toNodes)));
                turns.follow();
                assertThat(flows.judge(turns.takeEffect(), turns.sync::allows)).isEqualTo(1);
                assertThat(new Talk(toNode, "to the node").answers()).isFalse();
                assertThat(new Talk(toWorld, "to the world").answers()).isTrue();
                assertThat(new Talk(fromNode, "from the node").answers()).isTrue();
                turns.world.put(cluster(
                        "guard",
                        ADMIN,
                        2,
                        LabelSelector.EVERYTHING,
                        List.of(says(Action.DENY, team("a"))),
                        List.of(toNodes, says(Action.DENY, networks("2001:db8::/32")))));
                turns.follow();
                assertThat(flows.judge(turns.takeEffect(), turns.sync::allows)).isEqualTo(2);
                assertThat(new Talk(toWorld, "to the world").answers()).isFalse();
                assertThat(new Talk(fromFar, "from a pod of another node").answers())
                        .isFalse();
                assertThat(new Talk(fromNode, "from the node").answers()).isTrue();
                turns.world.put(cluster(
                        "exception", ADMIN, 1, labels("team", "a"), List.of(says(Action.PASS, team("a"))), List.of()));
                turns.follow();
                assertThat(flows.judge(turns.takeEffect(), turns.sync::allows)).isZero();
                await("allowed again").until(() -> new Talk(fromFar, "from a pod").answers());
                assertThat(new Talk(toWorld, "to the world").answers()).isFalse();
            }
        }
    }

    @Test
    void a_new_process_takes_over_what_is_there(
            TestNetns node, TestNetns one, TestNetns two, TestNetns three, TestNetns far) throws Exception {
        try (Wire wire = new Wire(node, one, two, three, far);
                Netns netns = Netns.open(node.path());
                NftablesKernel nftables = NftablesKernel.openIn(netns)) {
            World world = world(wire);
            world.put(ingress("deny", labels("app", "one"), rule(List.of(pods("app", "two")))));
            Turns before = new Turns(world, nftables);
            before.follow();
            Ip ip = wire.place("one").ipv4();
            nftables.commit(Transaction.of(
                    Layout.TABLE,
                    new Operation.AddElements(
                            Layout.itself(Family.IPV4),
                            List.of(Element.of(Layout.itself(Family.IPV4).key(Ip.parse("10.0.0.1"), ip))))));
            world.all().pods().values().forEach(pod -> pod.ifPresent(world::put));
            world.all().policies().values().forEach(policy -> policy.ifPresent(world::put));
            Turns after = new Turns(world, nftables);
            after.follow();
            assertThat(nftables.read(Layout.TABLE))
                    .as("what was wrong is put right")
                    .contains(after.sync.desired());
            assertThat(after.sync.desired()).isEqualTo(before.sync.desired());
            assertThat(after.takeEffect().pods)
                    .as("connections are judged again")
                    .contains(ip);
            assertThat(NetworkPolicyRole.cleanup(netns)).containsExactly("table inet weft-network-policy");
            assertThat(NetworkPolicyRole.cleanup(netns)).isEmpty();
            after.follow();
            assertThat(nftables.exists(Layout.TABLE)).as("put back").isTrue();
        }
    }
}
