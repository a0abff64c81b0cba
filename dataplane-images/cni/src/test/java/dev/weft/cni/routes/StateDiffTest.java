package dev.weft.cni.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Ip;
import dev.weft.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StateDiffTest {
    private static final NodeInfo A = Cluster.node("a", "172.18.0.11", "10.244.1.0/24");
    private static final NodeInfo B = Cluster.node("b", "172.18.0.12", "10.244.2.0/24");
    private static final Uplink UPLINK = Cluster.uplink("172.18.0.11/24", "fd00:18::11/64");

    private static NodeState vxlan(NodeInfo... others) {
        return NodeNetwork.desired(Cluster.vxlan(), A, List.of(others), UPLINK, Learned.NOTHING)
                .state();
    }

    private static NodeState random(Random random) {
        return NodeNetwork.desired(
                        RandomCluster.config(random),
                        RandomCluster.self(random),
                        RandomCluster.nodes(random),
                        UPLINK,
                        new Learned(Map.of("n1", 1300), random.nextInt(5) == 0))
                .state();
    }

    /** A state from which somebody took things. */
    private static NodeState damaged(NodeState state, Random random) {
        if (state.vxlan().isPresent() && random.nextInt(5) == 0) {
            return new NodeState(Optional.empty(), Set.of(), Set.of(), Set.of(), Set.of(), state.sysctls());
        }
        return new NodeState(
                state.vxlan(),
                some(state.addresses(), random),
                some(state.fdb(), random),
                some(state.neighbours(), random),
                some(state.routes(), random),
                state.sysctls());
    }

    private static <T> Set<T> some(Set<T> all, Random random) {
        Set<T> left = new HashSet<>(all);
        left.removeIf(item -> random.nextInt(3) == 0);
        return left;
    }

    @Test
    void nothingToDoWhenAllIsAsItShouldBe() {
        Seeded.loop(200, seed -> {
            NodeState state = random(seed);
            assertThat(StateDiff.between(state, state)).isEmpty();
            assertThat(StateDiff.repairs(state, state, random(seed))).isEmpty();
        });
    }

    @Test
    void everyStateLeadsToEveryOther() {
        Seeded.loop(500, seed -> {
            NodeState from = damaged(random(seed), seed);
            NodeState to = random(seed);
            FakeKernel kernel = new FakeKernel(from);
            StateDiff.between(from, to).forEach(kernel::apply);
            assertThat(StateDiff.between(kernel.state(), to)).isEmpty();
            assertThat(kernel.state().routes()).isEqualTo(to.routes());
            assertThat(kernel.state().fdb()).isEqualTo(to.fdb());
            assertThat(kernel.state().vxlan()).isEqualTo(to.vxlan());
        });
    }

    @Test
    void routesComeLastAndGoFirst() {
        List<NetOp> joining = StateDiff.between(vxlan(), vxlan(B));
        assertThat(joining)
                .extracting(op -> op.getClass().getSimpleName())
                .containsExactly("PutFdb", "PutNeighbour", "PutRoute");
        assertThat(StateDiff.between(vxlan(B), vxlan()))
                .extracting(op -> op.getClass().getSimpleName())
                .containsExactly("DeleteRoute", "DeleteNeighbour", "DeleteFdb");
    }

    @Test
    void changeOverToDirectMovesRoutesBeforeTheTunnelGoes() {
        NodeState direct = NodeNetwork.desired(Cluster.direct(), A, List.of(B), UPLINK, Learned.NOTHING)
                .state();
        assertThat(StateDiff.between(vxlan(B), direct))
                .extracting(op -> op.getClass().getSimpleName())
                .containsExactly("PutRoute", "DeleteNeighbour", "DeleteFdb", "DeleteAddress", "DeleteVxlan");
    }

    @Test
    void deviceOfAnotherMakeIsReplacedWithAllThatStandsOnIt() {
        NodeState wanted = vxlan(B);
        VxlanDevice device = wanted.vxlan().orElseThrow();
        VxlanDevice other =
                new VxlanDevice(7, device.port(), device.local(), device.mac(), device.mtu(), true, false, true);
        NodeState found = new NodeState(
                Optional.of(other),
                wanted.addresses(),
                wanted.fdb(),
                wanted.neighbours(),
                wanted.routes(),
                wanted.sysctls());
        assertThat(StateDiff.between(found, wanted))
                .extracting(op -> op.getClass().getSimpleName())
                .containsExactly(
                        "DeleteVxlan", "CreateVxlan", "PutSysctl", "PutAddress", "PutFdb", "PutNeighbour", "PutRoute");
    }

    @Test
    void mtuOfTheDeviceChangesInPlace() {
        NodeState after = NodeNetwork.desired(
                        Cluster.vxlan(), A, List.of(B), Cluster.uplink(1400, "172.18.0.11/24"), Learned.NOTHING)
                .state();
        assertThat(StateDiff.between(vxlan(B), after))
                .extracting(op -> op.getClass().getSimpleName())
                .containsExactly("ChangeVxlan", "PutRoute");
    }

    @Test
    void twinsAreDeleted() {
        NodeState wanted = vxlan(B);
        FdbEntry twin = new FdbEntry(wanted.fdb().iterator().next().mac(), Ip.parse("172.18.0.66"));
        Set<FdbEntry> both = new HashSet<>(wanted.fdb());
        both.add(twin);
        NodeState found = new NodeState(
                wanted.vxlan(), wanted.addresses(), both, wanted.neighbours(), wanted.routes(), wanted.sysctls());
        assertThat(StateDiff.between(found, wanted)).containsExactly(new NetOp.DeleteFdb(twin));
    }

    @Test
    void onlyWhatOthersChangedIsARepair() {
        NodeState applied = vxlan(B);
        Set<Route> routes = new HashSet<>(applied.routes());
        routes.removeIf(route -> route.device().isPresent());
        NodeState actual = new NodeState(
                applied.vxlan(), applied.addresses(), applied.fdb(), applied.neighbours(), routes, applied.sysctls());
        NodeState desired = vxlan(B, Cluster.node("c", "172.18.0.13", "10.244.3.0/24"));
        assertThat(StateDiff.repairs(actual, applied, desired))
                .containsExactly(
                        "route 10.244.2.0/24 via 10.244.2.0 dev weft-vxlan onlink mtu 1450 metric 87 was missing");
        assertThat(StateDiff.repairs(actual, applied, vxlan()))
                .as("the node is gone, nobody wants its route back")
                .isEmpty();
    }

    @Test
    void everyRepairIsSaidInWords() {
        Seeded.loop(100, seed -> {
            NodeState to = random(seed);
            List<String> repairs = StateDiff.repairs(damaged(random(seed), seed), to, to);
            assertThat(repairs).allMatch(text -> text.matches(".*(missing|changed|should not|another make|instead).*"));
        });
    }

    /** A kernel that knows what goes with what. */
    private static final class FakeKernel {
        private Optional<VxlanDevice> vxlan;
        private final Set<InterfaceAddress> addresses;
        private final Set<FdbEntry> fdb;
        private final Set<Neighbour> neighbours;
        private final Set<Route> routes;
        private final Map<String, String> sysctls;

        FakeKernel(NodeState state) {
            vxlan = state.vxlan();
            addresses = new HashSet<>(state.addresses());
            fdb = new HashSet<>(state.fdb());
            neighbours = new HashSet<>(state.neighbours());
            routes = new HashSet<>(state.routes());
            sysctls = new HashMap<>(state.sysctls());
        }

        NodeState state() {
            return new NodeState(vxlan, addresses, fdb, neighbours, routes, sysctls);
        }

        void apply(NetOp op) {
            switch (op) {
                case NetOp.PutSysctl put -> {
                    assertThat(put.path().contains(VxlanDevice.NAME) && vxlan.isEmpty())
                            .isFalse();
                    sysctls.put(put.path(), put.value());
                }
                case NetOp.CreateVxlan create -> {
                    assertThat(vxlan).isEmpty();
                    vxlan = Optional.of(create.device());
                }
                case NetOp.ChangeVxlan change -> {
                    assertThat(vxlan).contains(change.from());
                    vxlan = Optional.of(change.to());
                }
                case NetOp.DeleteVxlan delete -> {
                    assertThat(vxlan).contains(delete.device());
                    vxlan = Optional.empty();
                    addresses.clear();
                    fdb.clear();
                    neighbours.clear();
                    routes.removeIf(r -> r.device().equals(Optional.of(VxlanDevice.NAME)));
                    sysctls.keySet().removeIf(path -> path.contains(VxlanDevice.NAME));
                }
                case NetOp.PutAddress put ->
                    assertThat(addresses.add(onDevice(put.address()))).isTrue();
                case NetOp.DeleteAddress delete ->
                    assertThat(addresses.remove(delete.address())).isTrue();
                case NetOp.PutFdb put -> {
                    fdb.removeIf(e -> e.mac().equals(put.entry().mac()));
                    fdb.add(onDevice(put.entry()));
                }
                case NetOp.DeleteFdb delete ->
                    assertThat(fdb.remove(delete.entry())).isTrue();
                case NetOp.PutNeighbour put -> {
                    neighbours.removeIf(n -> n.address().equals(put.neighbour().address()));
                    neighbours.add(onDevice(put.neighbour()));
                }
                case NetOp.DeleteNeighbour delete ->
                    assertThat(neighbours.remove(delete.neighbour())).isTrue();
                case NetOp.PutRoute put -> {
                    routes.removeIf(r -> r.key().equals(put.route().key()));
                    routes.add(put.route());
                }
                case NetOp.DeleteRoute delete ->
                    assertThat(routes.remove(delete.route())).isTrue();
            }
        }

        private <T> T onDevice(T item) {
            List<VxlanDevice> there = new ArrayList<>();
            vxlan.ifPresent(there::add);
            assertThat(there).isNotEmpty();
            return item;
        }
    }
}
