package dev.weft.cni.routes;

import static dev.weft.cni.routes.Cluster.DUAL;
import static dev.weft.cni.routes.Cluster.config;
import static dev.weft.cni.routes.Cluster.direct;
import static dev.weft.cni.routes.Cluster.node;
import static dev.weft.cni.routes.Cluster.uplink;
import static dev.weft.cni.routes.Cluster.vxlan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.config.NodeConfig;
import dev.weft.config.Routing;
import dev.weft.net.Cidr;
import dev.weft.testkit.Golden;
import dev.weft.testkit.Seeded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeNetworkTest {
    private static final NodeInfo A = node("a", "172.18.0.11", "fd00:18::11", "10.244.1.0/24", "fd00:244:0:1::/64");
    private static final NodeInfo B = node("b", "172.18.0.12", "fd00:18::12", "10.244.2.0/24", "fd00:244:0:2::/64");
    private static final NodeInfo FAR = node("far", "172.19.0.13", "fd00:19::13", "10.244.3.0/24", "fd00:244:0:3::/64");
    private static final Uplink UPLINK = uplink("172.18.0.11/24", "fd00:18::11/64");

    private static NodePlan plan(NodeConfig config, NodeInfo... others) {
        return NodeNetwork.desired(config, A, List.of(others), UPLINK, Learned.NOTHING);
    }

    @Test
    void vxlanDualStack() {
        NodePlan plan = plan(vxlan(), B, FAR);
        Golden.assertMatches("routes/vxlan-dual.txt", plan.state().text());
        assertThat(plan.podMtu()).isEqualTo(1450);
        assertThat(plan.problems()).isEmpty();
        assertThat(plan.peers()).hasSize(4).allMatch(peer -> peer.path() == Path.VXLAN);
    }

    @Test
    void directDualStack() {
        NodePlan plan = plan(direct(), B);
        Golden.assertMatches("routes/direct-dual.txt", plan.state().text());
        assertThat(plan.podMtu()).isEqualTo(1500);
        assertThat(plan.problems()).isEmpty();
    }

    @Test
    void vxlanOnlyToOtherSubnets() {
        NodePlan plan = plan(config(Routing.VXLAN, true, 0, DUAL), B, FAR);
        Golden.assertMatches("routes/mixed-dual.txt", plan.state().text());
        assertThat(plan.podMtu()).as("one MTU for both paths").isEqualTo(1450);
        assertThat(plan.peers())
                .extracting(peer -> peer.node() + " " + peer.family() + " " + peer.path())
                .containsExactly("b IPV4 DIRECT", "b IPV6 DIRECT", "far IPV4 VXLAN", "far IPV6 VXLAN");
    }

    @Test
    void ipv4Only() {
        NodePlan plan = NodeNetwork.desired(
                config(Routing.VXLAN, false, 0, List.of("10.244.0.0/16")),
                node("a", "172.18.0.11", "10.244.1.0/24"),
                List.of(node("b", "172.18.0.12", "10.244.2.0/24")),
                uplink("172.18.0.11/24"),
                Learned.NOTHING);
        Golden.assertMatches("routes/vxlan-ipv4.txt", plan.state().text());
    }

    @Test
    void ipv6OnlyHasALargerHeader() {
        NodePlan plan = NodeNetwork.desired(
                config(Routing.VXLAN, false, 0, List.of("fd00:244::/56")),
                node("a", "fd00:18::11", "fd00:244:0:1::/64"),
                List.of(node("b", "fd00:18::12", "fd00:244:0:2::/64")),
                uplink("fd00:18::11/64"),
                Learned.NOTHING);
        Golden.assertMatches("routes/vxlan-ipv6.txt", plan.state().text());
        assertThat(plan.podMtu()).isEqualTo(1430);
    }

    @Test
    void underlayFamilyIsThatOfThePrimaryInternalIp() {
        NodeInfo self = node("a", "fd00:18::11", "172.18.0.11", "10.244.1.0/24", "fd00:244:0:1::/64");
        NodeInfo peer = node("b", "fd00:18::12", "172.18.0.12", "10.244.2.0/24", "fd00:244:0:2::/64");
        NodePlan plan = NodeNetwork.desired(vxlan(), self, List.of(peer, FAR), UPLINK, Learned.NOTHING);
        assertThat(plan.state().fdb())
                .extracting(entry -> entry.node().toString())
                .containsExactly("fd00:18::12");
        assertThat(plan.podMtu()).isEqualTo(1430);
        assertThat(plan.problems())
                .hasSize(2)
                .allMatch(Problem::blocking)
                .allMatch(p -> p.message()
                        .equals(
                                "the primary InternalIP of node far is not IPv6 as this node's is: all ends of the VXLAN need one"
                                        + " family"));
    }

    @Test
    void nodeWithoutPodCidrIsNamedAndTheOthersAreServed() {
        NodePlan plan = plan(vxlan(), node("new", "172.18.0.19"), B);
        assertThat(plan.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.node()).isEqualTo("new");
            assertThat(problem.message()).startsWith("node new has no podCIDR").contains("--allocate-node-cidrs");
        });
        assertThat(plan.state()).isEqualTo(plan(vxlan(), B).state());
    }

    @Test
    void nodeWithoutAddressIsNamed() {
        NodePlan plan = plan(vxlan(), node("new", "10.244.9.0/24"));
        assertThat(plan.problems())
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("no InternalIP");
    }

    @Test
    void selfWithoutPodCidrStillRoutesToOthers() {
        NodePlan plan = NodeNetwork.desired(vxlan(), node("a", "172.18.0.11"), List.of(B), UPLINK, Learned.NOTHING);
        assertThat(plan.state().routes()).hasSize(2);
        assertThat(plan.state().addresses()).isEmpty();
        assertThat(plan.problems()).singleElement().matches(p -> p.node().equals("a") && p.blocking());
    }

    @Test
    void selfWithoutAddressIsRefused() {
        assertThatThrownBy(() ->
                        NodeNetwork.desired(vxlan(), node("a", "10.244.1.0/24"), List.of(), UPLINK, Learned.NOTHING))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("node a has no InternalIP");
    }

    @Test
    void reAddressedNodeChangesOnlyItsTunnelEnd() {
        NodeInfo moved = node("b", "172.18.0.99", "fd00:18::99", "10.244.2.0/24", "fd00:244:0:2::/64");
        List<NetOp> ops =
                StateDiff.between(plan(vxlan(), B).state(), plan(vxlan(), moved).state());
        assertThat(ops).singleElement().isInstanceOf(NetOp.PutFdb.class);
    }

    @Test
    void olderNodeKeepsAPrefixThatTwoClaim() {
        NodeInfo old = node("z-old", Instant.EPOCH.plusSeconds(1), "172.18.0.21", "10.244.8.0/24");
        NodeInfo young = node("young", Instant.EPOCH.plusSeconds(2), "172.18.0.22", "10.244.8.128/25");
        NodePlan plan = plan(vxlan(), young, old);
        assertThat(plan.peers()).extracting(Peer::node).containsExactly("z-old");
        assertThat(plan.problems())
                .singleElement()
                .extracting(Problem::message)
                .isEqualTo(
                        "podCIDR 10.244.8.128/25 of node young overlaps 10.244.8.0/24 of node z-old, which keeps it");
    }

    @Test
    void ownPrefixStaysOwnButIsReportedWhenAnOlderNodeClaimsIt() {
        NodeInfo self = node("a", Instant.EPOCH.plusSeconds(9), "172.18.0.11", "10.244.1.0/24");
        NodeInfo old = node("old", "172.18.0.21", "10.244.1.0/24");
        NodePlan plan = NodeNetwork.desired(vxlan(), self, List.of(old), UPLINK, Learned.NOTHING);
        assertThat(plan.peers()).isEmpty();
        assertThat(plan.problems()).extracting(Problem::node).containsExactly("a", "old");
    }

    @Test
    void prefixOutsideThePodNetworkIsNotRouted() {
        NodePlan plan = plan(vxlan(), node("rogue", "172.18.0.21", "0.0.0.0/0"));
        assertThat(plan.peers()).isEmpty();
        assertThat(plan.problems())
                .singleElement()
                .extracting(Problem::message)
                .isEqualTo("podCIDR 0.0.0.0/0 of node rogue is outside the pod network [10.244.0.0/16, fd00:244::/56]");
    }

    @Test
    void sameAddressAsThisNodeIsRefused() {
        NodePlan plan = plan(vxlan(), node("twin", "172.18.0.11", "10.244.7.0/24"));
        assertThat(plan.peers()).isEmpty();
        assertThat(plan.problems())
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("same InternalIP");
    }

    @Test
    void directNeedsOneSubnetAndSaysSo() {
        NodePlan plan = plan(direct(), FAR, node("v4", "172.18.0.14", "10.244.4.0/24", "fd00:244:0:4::/64"));
        assertThat(plan.peers()).extracting(Peer::node).containsExactly("v4");
        assertThat(plan.problems())
                .extracting(Problem::message)
                .containsExactly(
                        "node far (172.19.0.13) is not in a subnet of eth0: Direct routing needs all nodes on one; use routing"
                                + " VXLAN",
                        "node far (fd00:19::13) is not in a subnet of eth0: Direct routing needs all nodes on one; use routing"
                                + " VXLAN",
                        "node v4 has no IPv6 InternalIP: Direct routing cannot reach its pods in that family");
    }

    @Test
    void mtuThatDoesNotFitIsCutAndReported() {
        NodePlan plan = plan(config(Routing.VXLAN, false, 9000, DUAL), B);
        assertThat(plan.podMtu()).isEqualTo(1450);
        assertThat(plan.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.blocking()).isFalse();
            assertThat(problem.message())
                    .isEqualTo("mtu 9000 does not fit eth0, whose MTU is 1500, with 50 bytes of VXLAN"
                            + " over IPv4; 1450 is used: set podNetwork.mtu to 1450 or less, or leave it out");
        });
    }

    @Test
    void smallerMtuIsTakenAndTheDeviceKeepsRoom() {
        NodePlan plan = plan(config(Routing.VXLAN, false, 1400, DUAL), B);
        assertThat(plan.podMtu()).isEqualTo(1400);
        assertThat(plan.problems()).isEmpty();
        assertThat(plan.state().vxlan().orElseThrow().mtu()).isEqualTo(1450);
        assertThat(plan.state().text()).contains("dev weft-vxlan onlink mtu 1400");
    }

    @Test
    void mtuBelowThatOfIpv6IsReported() {
        NodePlan plan = NodeNetwork.desired(vxlan(), A, List.of(), uplink(1300, "172.18.0.11/24"), Learned.NOTHING);
        assertThat(plan.problems())
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("1280");
    }

    @Test
    void routesTakeThePeersMtuWhereItIsSmaller() {
        Learned learned = new Learned(Map.of("b", 1350, "far", 8950), false);
        NodePlan plan = NodeNetwork.desired(vxlan(), A, List.of(B, FAR), UPLINK, learned);
        assertThat(plan.state().text())
                .contains("route 10.244.2.0/24 via 10.244.2.0 dev weft-vxlan onlink mtu 1350")
                .contains("route 10.244.3.0/24 via 10.244.3.0 dev weft-vxlan onlink mtu 1450");
    }

    @Test
    void hostThatListensToRoutersGoesOnListening() {
        Uplink host = new Uplink("eth0", 1500, UPLINK.addresses(), true, true);
        NodePlan plan = NodeNetwork.desired(vxlan(), A, List.of(), host, Learned.NOTHING);
        assertThat(plan.state().sysctls().keySet())
                .containsSubsequence("net/ipv6/conf/eth0/accept_ra", "net/ipv6/conf/all/forwarding");
        assertThat(plan.state().sysctls()).containsEntry("net/ipv4/conf/eth0/rp_filter", "2");
    }

    /** Laws for every cluster: no two routes overlap, none leaves the pod network, the nodes' order does not matter. */
    @Test
    void lawsOfRoutes() {
        Seeded.loop(300, random -> {
            List<NodeInfo> nodes = new ArrayList<>(RandomCluster.nodes(random));
            NodeInfo self = RandomCluster.self(random);
            NodeConfig config = RandomCluster.config(random);
            NodePlan plan = NodeNetwork.desired(config, self, nodes, UPLINK, Learned.NOTHING);
            List<Cidr> destinations =
                    plan.state().routes().stream().map(Route::destination).toList();
            for (int i = 0; i < destinations.size(); i++) {
                Cidr one = destinations.get(i);
                assertThat(config.podCidrs()).anyMatch(whole -> whole.contains(one));
                assertThat(destinations.subList(i + 1, destinations.size())).noneMatch(one::overlaps);
            }
            Collections.shuffle(nodes, random);
            assertThat(NodeNetwork.desired(config, self, nodes, UPLINK, Learned.NOTHING))
                    .isEqualTo(plan);
        });
    }
}
