package dev.weft.networkpolicy;

import static dev.weft.networkpolicy.Samples.NODE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.ClusterNetworkPolicy;
import dev.weft.kube.EventNote;
import dev.weft.kube.Node;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultReportTest {
    private static Map<ObjectKey, ClusterNetworkPolicy> faulty(String name) {
        ClusterNetworkPolicy policy = new ClusterNetworkPolicy(
                name,
                "uid-" + name,
                ClusterNetworkPolicy.Tier.ADMIN,
                0,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of("the subject cannot be read", "and more"));
        return Map.of(policy.key(), policy);
    }

    @Test
    void one_node_of_all_writes_the_event() {
        List<Node> nodes = new ArrayList<>();
        for (int n = 0; n < 8; n++) {
            nodes.add(Samples.node("node-" + n, Map.of(), List.of(Ip.parse("192.0.2." + n))));
        }
        Set<String> writers = new HashSet<>();
        for (int p = 0; p < 12; p++) {
            List<EventNote> notes = new ArrayList<>();
            for (Node node : nodes) {
                int before = notes.size();
                new FaultReport(node.name(), notes::add).tell(faulty("policy-" + p), nodes);
                if (notes.size() > before) {
                    writers.add(node.name());
                }
            }
            assertThat(notes).singleElement().satisfies(note -> {
                assertThat(note.note()).contains("the subject cannot be read. and more");
                assertThat(note.regarding().kind()).isEqualTo("ClusterNetworkPolicy");
                assertThat(note.regarding().uid()).startsWith("uid-policy-");
            });
        }
        assertThat(writers).as("not always the same").hasSizeGreaterThan(2);
    }

    @Test
    void while_no_node_is_ready_one_writes_it_all_the_same() {
        Node node =
                new Node(NODE, "", Map.of(), Instant.EPOCH, List.of(), List.of(), List.of(), Set.of(), false, false);
        List<EventNote> notes = new ArrayList<>();
        new FaultReport(NODE, notes::add).tell(faulty("a"), List.of(node));
        assertThat(notes).hasSize(1);
    }
}
