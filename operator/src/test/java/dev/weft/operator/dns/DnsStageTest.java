package dev.weft.operator.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.DnsPlacement;
import dev.weft.operator.observe.ClusterDns.DnsService;
import dev.weft.operator.observe.ClusterDns.Owner;
import dev.weft.operator.observe.DnsServers;
import dev.weft.operator.observe.Workload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** From one placement to the other and back. */
class DnsStageTest {
    private static final int NODES = 3;
    private static final int REPLICAS = 2;

    @Test
    void aSilentNodeHoldsNothingUp() {
        DnsServers servers = new DnsServers(
                Optional.of(new Workload("", Map.of(), false, true, 2, 2, 2, 2)),
                Optional.of(new Workload("", Map.of(), false, true, 3, 2, 2, 2)),
                List.of(),
                Optional.empty(),
                List.of());
        Optional<DnsService> service = Optional.of(service(Owner.WEFT, Optional.empty(), Optional.empty()));
        assertThat(DnsStage.of(DnsPlacement.NODE_LOCAL, servers, service, 0).complete())
                .isFalse();
        assertThat(DnsStage.of(DnsPlacement.NODE_LOCAL, servers, service, 1).complete())
                .isTrue();
    }

    @Test
    void withoutANodeToRunOnTheServersForAllStay() {
        DnsServers servers = new DnsServers(
                Optional.of(new Workload("", Map.of(), false, true, 2, 2, 2, 2)),
                Optional.of(new Workload("", Map.of(), false, true, 0, 0, 0, 0)),
                List.of(),
                Optional.empty(),
                List.of());
        Optional<DnsService> service =
                Optional.of(service(Owner.WEFT, Optional.of(DnsStage.PREFER_SAME_NODE), Optional.empty()));
        assertThat(DnsStage.of(DnsPlacement.NODE_LOCAL, servers, service, 0).deployment())
                .isTrue();
    }

    /**
     * The servers come and go at random speed, the wish changes at random: there are always as many servers as one of the
     * placements needs, once there were, and what is wished for is reached.
     */
    @Test
    void neverFewerThanOnePlacementNeeds() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            boolean taken = random.nextBoolean();
            Optional<String> former = taken
                    ? List.of(Optional.<String>empty(), Optional.of("PreferClose"))
                            .get(random.nextInt(2))
                    : Optional.empty();
            World world = new World(random, taken ? Owner.TAKEN : Owner.WEFT, former);
            DnsPlacement wanted = DnsPlacement.CLUSTER;
            for (int i = 0; i < 100; i++) {
                if (random.nextInt(20) == 0) {
                    wanted = random.nextBoolean() ? DnsPlacement.CLUSTER : DnsPlacement.NODE_LOCAL;
                }
                world.step(wanted);
                assertThat(world.clusterReady == REPLICAS || world.nodesReady == NODES)
                        .as("seed %d step %d: %s", seed, i, world)
                        .isTrue();
            }
            for (int i = 0; i < 40; i++) {
                world.step(wanted);
            }
            boolean local = wanted == DnsPlacement.NODE_LOCAL;
            assertThat(world.clusterReady).as("seed %d", seed).isEqualTo(local ? -1 : REPLICAS);
            assertThat(world.nodesReady).as("seed %d", seed).isEqualTo(local ? NODES : -1);
            assertThat(world.distribution)
                    .as("seed %d", seed)
                    .isEqualTo(local ? Optional.of(DnsStage.PREFER_SAME_NODE) : former);
        }
    }

    /** What the cluster makes of it; -1 is none at all. */
    private static final class World {
        private final Random random;
        private final Owner owner;
        private final Optional<String> former;
        private int clusterReady = REPLICAS;
        private int nodesReady = -1;
        private Optional<String> distribution;

        World(Random random, Owner owner, Optional<String> former) {
            this.random = random;
            this.owner = owner;
            this.former = former;
            this.distribution = former;
        }

        void step(DnsPlacement wanted) {
            DnsStage stage = DnsStage.of(
                    wanted,
                    new DnsServers(
                            running(REPLICAS, clusterReady),
                            running(NODES, nodesReady),
                            List.of(),
                            Optional.empty(),
                            List.of()),
                    Optional.of(service(owner, distribution, former)),
                    0);
            distribution = stage.distribution();
            clusterReady = next(stage.deployment(), clusterReady, REPLICAS);
            nodesReady = next(stage.daemonSet(), nodesReady, NODES);
        }

        private int next(boolean there, int ready, int most) {
            return there ? Math.min(most, Math.max(ready, 0) + random.nextInt(2)) : -1;
        }

        private static Optional<Workload> running(int desired, int ready) {
            return ready < 0
                    ? Optional.empty()
                    : Optional.of(new Workload("", Map.of(), false, true, desired, ready, ready, ready));
        }

        @Override
        public String toString() {
            return "for all " + clusterReady + ", on nodes " + nodesReady + ", " + distribution;
        }
    }

    private static DnsService service(Owner owner, Optional<String> distribution, Optional<String> former) {
        return new DnsService(owner, Optional.empty(), Map.of(), distribution, former);
    }
}
