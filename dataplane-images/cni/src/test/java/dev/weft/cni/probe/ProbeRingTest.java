package dev.weft.cni.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testkit.Seeded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProbeRingTest {
    private static List<String> nodes(int count) {
        return new ArrayList<>(
                IntStream.range(0, count).mapToObj(i -> "node-" + i).toList());
    }

    @Test
    void everyNodeIsProbedByAsManyAsItProbes() {
        List<String> nodes = nodes(100);
        Map<String, Integer> probedBy = new HashMap<>();
        for (String self : nodes) {
            List<String> chosen = ProbeRing.after(self, nodes, 8);
            assertThat(chosen).hasSize(8).doesNotHaveDuplicates().doesNotContain(self);
            chosen.forEach(name -> probedBy.merge(name, 1, Integer::sum));
        }
        assertThat(probedBy)
                .hasSize(100)
                .allSatisfy((name, count) -> assertThat(count).isEqualTo(8));
    }

    @Test
    void orderOfTheNodesDoesNotMatter() {
        Seeded.loop(20, random -> {
            List<String> nodes = nodes(30);
            Collections.shuffle(nodes, random);
            assertThat(ProbeRing.after("node-3", nodes, 8)).isEqualTo(ProbeRing.after("node-3", nodes(30), 8));
        });
    }

    @Test
    void aNewNodeChangesOneChoiceAtMost() {
        List<String> before = nodes(50);
        List<String> after = nodes(51);
        for (String self : before) {
            Set<String> kept = new HashSet<>(ProbeRing.after(self, before, 8));
            kept.retainAll(ProbeRing.after(self, after, 8));
            assertThat(kept).hasSizeGreaterThanOrEqualTo(7);
        }
    }

    @Test
    void smallClustersProbeAll() {
        assertThat(ProbeRing.after("a", List.of("a", "b", "c"), 8)).containsExactlyInAnyOrder("b", "c");
        assertThat(ProbeRing.after("a", List.of(), 8)).isEmpty();
    }
}
