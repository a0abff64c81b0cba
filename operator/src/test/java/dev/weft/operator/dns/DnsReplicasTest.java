package dev.weft.operator.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.api.DnsReplicasSpec;
import dev.weft.operator.observe.NodeInfo;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DnsReplicasTest {
    @Test
    void followsNodesAndCores() {
        assertThat(replicas(DnsReplicasSpec.EMPTY, 1, 4)).isEqualTo(1);
        assertThat(replicas(DnsReplicasSpec.EMPTY, 2, 4)).isEqualTo(2);
        assertThat(replicas(DnsReplicasSpec.EMPTY, 33, 4)).isEqualTo(3);
        assertThat(replicas(DnsReplicasSpec.EMPTY, 33, 64)).isEqualTo(9);
        assertThat(replicas(DnsReplicasSpec.EMPTY, 1000, 4)).isEqualTo(20);
        assertThat(replicas(DnsReplicasSpec.EMPTY, 0, 4)).isEqualTo(1);
    }

    @Test
    void staysWithinItsBounds() {
        assertThat(replicas(new DnsReplicasSpec(5, null), 2, 4)).isEqualTo(5);
        assertThat(replicas(new DnsReplicasSpec(null, 1), 100, 4)).isEqualTo(1);
        assertThat(replicas(new DnsReplicasSpec(30, null), 2, 4)).isEqualTo(30);
        assertThat(replicas(new DnsReplicasSpec(1, 50), 1000, 4)).isEqualTo(50);
    }

    @Test
    void aCordonTakesNoServerAway() {
        NodeInfo cordoned = node(List.of(new NodeInfo.TaintInfo("node.kubernetes.io/unschedulable", "", "NoSchedule")));
        assertThat(DnsReplicas.of(DnsReplicasSpec.EMPTY, List.of(node(List.of()), cordoned)))
                .isEqualTo(2);
        assertThat(DnsReplicas.of(
                        DnsReplicasSpec.EMPTY,
                        Stream.concat(
                                        Collections.nCopies(32, node(List.of())).stream(),
                                        Collections.nCopies(16, cordoned).stream())
                                .toList()))
                .isEqualTo(2);
    }

    private static int replicas(DnsReplicasSpec spec, int nodes, int cores) {
        return DnsReplicas.of(
                spec,
                Collections.nCopies(nodes, node(List.of())).stream()
                        .map(n -> new NodeInfo(
                                n.name(),
                                n.labels(),
                                n.taints(),
                                n.podCidrs(),
                                n.internalIps(),
                                cores * 1000,
                                true,
                                n.readySince(),
                                n.revision(),
                                n.movedAt()))
                        .toList());
    }

    private static NodeInfo node(List<NodeInfo.TaintInfo> taints) {
        return new NodeInfo(
                "n",
                Map.of(),
                taints,
                List.of(),
                List.of(),
                1000,
                true,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty());
    }
}
