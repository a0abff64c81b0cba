package dev.weft.operator.handover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.operator.observe.Observed;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandoverTest {
    private static final int TURNS = 3000;

    /** Whatever is late: no node is ever without a service proxy, and in the end all have the wanted one. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 40})
    void everyNodeIsServedAllTheWayThereAndBack(int size) {
        for (int seed = 0; seed < 20; seed++) {
            SimulatedCluster cluster = new SimulatedCluster(new Random(seed), size);
            for (int turn = 0; turn < TURNS; turn++) {
                cluster.startRoles();
                step(cluster, true);
            }
            assertThat(cluster.nodes())
                    .as("taken over, seed %d", seed)
                    .allMatch(SimulatedCluster.SimulatedNode::weftAlone);
            for (int turn = 0; turn < TURNS; turn++) {
                step(cluster, false);
            }
            assertThat(cluster.nodes())
                    .as("given back, seed %d", seed)
                    .allMatch(SimulatedCluster.SimulatedNode::kubeProxyHere);
            assertThat(cluster.yields()).isFalse();
        }
    }

    private static void step(SimulatedCluster cluster, boolean takeOver) {
        Observed observed = cluster.observe();
        Handover handover = takeOver
                ? Handover.takeOver(observed, observed.nodes())
                : Handover.handBack(observed, observed.nodes());
        cluster.carryOut(handover);
        cluster.turn();
        assertThat(cluster.nodes()).as("%s", handover).allMatch(SimulatedCluster.SimulatedNode::served);
    }
}
